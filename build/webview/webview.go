//go:build webview && linux && cgo

// The page of the program in the engine of its window on Linux, for what has to be measured there.
//
//	webview URL WIDTH HEIGHT
//
// It shows an address in a WebKitWebView as Wails makes one (no GPU) and obeys lines on standard input:
//
//	js CODE      runs the body of an async function; CODE is percent-encoded
//	size W H     gives the window another size
//
// and answers each with a line of JSON: {"value":…} or {"error":"…"}. It ends with standard input.
package main

/*
#cgo pkg-config: webkit2gtk-4.1
#include <stdio.h>
#include <stdlib.h>
#include <webkit2/webkit2.h>

static WebKitWebView *view;
static GtkWidget *window;

static void failed(const char *what) {
	JSCContext *c = jsc_context_new();
	JSCValue *v = jsc_value_new_string(c, what);
	char *s = jsc_value_to_json(v, 0);
	printf("{\"error\":%s}\n", s);
	fflush(stdout);
	g_free(s);
	g_object_unref(v);
	g_object_unref(c);
}

static void answered(GObject *o, GAsyncResult *r, gpointer data) {
	GError *err = NULL;
	JSCValue *v = webkit_web_view_call_async_javascript_function_finish(view, r, &err);
	if (err) {
		failed(err->message);
		g_error_free(err);
		return;
	}
	char *s = jsc_value_to_json(v, 0);
	printf("{\"value\":%s}\n", s ? s : "null");
	fflush(stdout);
	g_free(s);
	g_object_unref(v);
}

static gboolean told(GIOChannel *in, GIOCondition why, gpointer data) {
	char *line = NULL;
	if (g_io_channel_read_line(in, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
		gtk_main_quit();
		return FALSE;
	}
	g_strchomp(line);
	int w, h;
	if (g_str_has_prefix(line, "js ")) {
		char *code = g_uri_unescape_string(line + 3, NULL);
		if (code) webkit_web_view_call_async_javascript_function(view, code, -1, NULL, NULL, NULL, NULL, answered, NULL);
		else failed("the code is not percent-encoded");
		g_free(code);
	} else if (sscanf(line, "size %d %d", &w, &h) == 2) {
		gtk_window_resize(GTK_WINDOW(window), w, h);
		printf("{\"value\":null}\n");
		fflush(stdout);
	} else failed("neither js nor size");
	g_free(line);
	return TRUE;
}

static int show(char *url, int w, int h) {
	if (!gtk_init_check(NULL, NULL)) return 5;
	window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
	gtk_window_set_default_size(GTK_WINDOW(window), w, h);
	view = WEBKIT_WEB_VIEW(webkit_web_view_new());
	webkit_settings_set_hardware_acceleration_policy(webkit_web_view_get_settings(view), WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
	gtk_container_add(GTK_CONTAINER(window), GTK_WIDGET(view));
	g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);
	g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN | G_IO_HUP, told, NULL);
	webkit_web_view_load_uri(view, url);
	gtk_widget_show_all(window);
	gtk_main();
	return 0;
}
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
)

func init() { runtime.LockOSThread() } // GTK is of one thread

func main() {
	width, height := 0, 0
	if len(os.Args) == 4 {
		width, _ = strconv.Atoi(os.Args[2])
		height, _ = strconv.Atoi(os.Args[3])
	}
	if width <= 0 || height <= 0 {
		fmt.Fprintln(os.Stderr, "webview URL WIDTH HEIGHT")
		os.Exit(2)
	}
	_ = os.Setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1") // as the window does
	os.Exit(int(C.show(C.CString(os.Args[1]), C.int(width), C.int(height))))
}
