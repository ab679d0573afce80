//go:build linux && desktop

package app

/*
#cgo linux pkg-config: gtk+-3.0
#cgo !webkit2_41 pkg-config: webkit2gtk-4.0
#cgo webkit2_41 pkg-config: webkit2gtk-4.1
#include <string.h>
#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

// decide lets the view load the program's own address and nothing else: no other
// page, no frame of one, no new window. Resources are the page policy's business.
static gboolean trestle_decide(WebKitWebView *view, WebKitPolicyDecision *d, WebKitPolicyDecisionType type, gpointer data) {
	if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE)
		return FALSE;
	if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION) {
		WebKitNavigationAction *a = webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(d));
		const gchar *uri = webkit_uri_request_get_uri(webkit_navigation_action_get_request(a));
		if (uri && (g_str_has_prefix(uri, "wails://wails/") || g_str_equal(uri, "about:blank")))
			return FALSE;
	}
	webkit_policy_decision_ignore(d);
	return TRUE;
}

// permit lets the page read the clipboard, which holds the picture a person is
// about to paste: WebKit keeps pictures out of the paste event and denies the
// question by itself. Everything else a page may ask for (place, camera, notices)
// is denied.
static gboolean trestle_permit(WebKitWebView *view, WebKitPermissionRequest *r, gpointer data) {
#if WEBKIT_CHECK_VERSION(2, 42, 0)
	if (WEBKIT_IS_CLIPBOARD_PERMISSION_REQUEST(r)) {
		webkit_permission_request_allow(r);
		return TRUE;
	}
#endif
	webkit_permission_request_deny(r);
	return TRUE;
}

static GtkWidget *trestle_view(GtkWidget *w) {
	if (WEBKIT_IS_WEB_VIEW(w))
		return w;
	GtkWidget *found = NULL;
	if (GTK_IS_CONTAINER(w)) {
		GList *kids = gtk_container_get_children(GTK_CONTAINER(w));
		for (GList *k = kids; k && !found; k = k->next)
			found = trestle_view(GTK_WIDGET(k->data));
		g_list_free(kids);
	}
	return found;
}

// spell lets the view mark misspelt words, in the languages that this person's
// system speaks, as far as it has their words.
static void trestle_spell(WebKitWebView *v) {
	WebKitWebContext *c = webkit_web_view_get_context(v);
	GPtrArray *languages = g_ptr_array_new();
	for (const gchar *const *name = g_get_language_names(); *name; name++)
		if (strlen(*name) > 1 && !strpbrk(*name, ".@")) // neither "C" nor "en_GB.UTF-8", which "en_GB" follows
			g_ptr_array_add(languages, (gpointer)*name);
	g_ptr_array_add(languages, NULL);
	if (languages->len > 1)
		webkit_web_context_set_spell_checking_languages(c, (const gchar *const *)languages->pdata);
	g_ptr_array_free(languages, TRUE);
	webkit_web_context_set_spell_checking_enabled(c, TRUE);
}

// runs on the main loop, where alone GTK may be asked
static gboolean trestle_guard(gpointer data) {
	GList *tops = gtk_window_list_toplevels();
	for (GList *t = tops; t; t = t->next) {
		GtkWidget *v = trestle_view(GTK_WIDGET(t->data));
		if (v && !g_object_get_data(G_OBJECT(v), "trestle-guard")) {
			g_object_set_data(G_OBJECT(v), "trestle-guard", GINT_TO_POINTER(1));
			g_signal_connect(v, "decide-policy", G_CALLBACK(trestle_decide), NULL);
			g_signal_connect(v, "permission-request", G_CALLBACK(trestle_permit), NULL);
			trestle_spell(WEBKIT_WEB_VIEW(v));
		}
	}
	g_list_free(tops);
	return G_SOURCE_REMOVE;
}

static void trestle_guard_later(void) { g_idle_add(trestle_guard, NULL); }
*/
import "C"

// guardNavigation keeps the webview on the program's own pages. A page could
// otherwise leave by setting its address, past any content policy, and a frame
// of another origin could call bound methods. It may be called again; a view is
// guarded once.
func guardNavigation() { C.trestle_guard_later() }
