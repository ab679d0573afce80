//go:build desktop

package app

/*
#cgo linux pkg-config: gtk+-3.0
#include <gtk/gtk.h>

typedef struct { int x, y, width, height; } trestle_place;

static GtkWindow *trestle_main_window(void) {
	GtkWindow *found = NULL;
	GList *tops = gtk_window_list_toplevels();
	for (GList *t = tops; t && !found; t = t->next) {
		GtkWindow *w = GTK_WINDOW(t->data);
		if (gtk_window_get_window_type(w) == GTK_WINDOW_TOPLEVEL && gtk_window_get_transient_for(w) == NULL && !GTK_IS_DIALOG(w))
			found = w;
	}
	g_list_free(tops);
	return found;
}

// runs on the main loop: puts the window where it can be seen, then shows and
// raises it
static gboolean trestle_bring(gpointer data) {
	trestle_place *p = data;
	GtkWindow *w = trestle_main_window();
	gboolean placed = FALSE;
	int x = 0, y = 0;
	if (w && p->width > 0 && !gtk_widget_get_visible(GTK_WIDGET(w))) {
		GdkDisplay *display = gtk_widget_get_display(GTK_WIDGET(w));
		GdkMonitor *monitor = p->x < 0 ? gdk_display_get_primary_monitor(display)
			: gdk_display_get_monitor_at_point(display, p->x + p->width / 2, p->y + p->height / 2);
		if (!monitor)
			monitor = gdk_display_get_monitor(display, 0);
		GdkRectangle area = {0, 0, p->width, p->height};
		if (monitor)
			gdk_monitor_get_workarea(monitor, &area);
		int frame = 40; // room for a title bar, which the size does not count
		int width = MIN(p->width, area.width), height = MIN(p->height, area.height - frame);
		gtk_window_resize(w, width, height);
		placed = p->x >= 0;
		x = placed ? CLAMP(p->x, area.x, area.x + area.width - width) : area.x + (area.width - width) / 2;
		y = placed ? CLAMP(p->y, area.y, area.y + area.height - height - frame) : area.y + (area.height - height - frame) / 2;
		gtk_window_move(w, x, y);
	}
	if (w) {
		gtk_widget_show(GTK_WIDGET(w));
		gtk_window_deiconify(w);
		if (placed && !gtk_window_is_maximized(w))
			gtk_window_move(w, x, y); // window managers choose a place of their own for the first time a window is shown
		gtk_window_present(w);
	}
	g_free(p);
	return G_SOURCE_REMOVE;
}

static void trestle_bring_later(int x, int y, int width, int height) {
	trestle_place *p = g_new(trestle_place, 1);
	p->x = x; p->y = y; p->width = width; p->height = height;
	g_idle_add(trestle_bring, p);
}

// runs on the main loop, which an open dialog holds in a loop of its own: each
// answers as if Cancel was pressed
static gboolean trestle_cancel_dialogs(gpointer data) {
	GList *tops = gtk_window_list_toplevels();
	g_list_foreach(tops, (GFunc)g_object_ref, NULL);
	for (GList *t = tops; t; t = t->next)
		if (GTK_IS_DIALOG(t->data) && gtk_widget_get_visible(GTK_WIDGET(t->data)))
			gtk_dialog_response(GTK_DIALOG(t->data), GTK_RESPONSE_CANCEL);
	g_list_free_full(tops, g_object_unref);
	return G_SOURCE_REMOVE;
}

static void trestle_cancel_dialogs_later(void) { g_idle_add(trestle_cancel_dialogs, NULL); }
*/
import "C"

import "context"

// bringUp shows the window and raises it above others. If it was hidden it comes
// back where it stood, moved onto a display that is there: window managers place
// a hidden window anew, and Wails counts positions from the current display.
func bringUp(_ context.Context, p WindowPlace) {
	C.trestle_bring_later(C.int(p.X), C.int(p.Y), C.int(p.Width), C.int(p.Height))
}

// cancelDialogs closes the file dialogs that are open: GTK's loop ends only when theirs has.
func cancelDialogs() { C.trestle_cancel_dialogs_later() }
