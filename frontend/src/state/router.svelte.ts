/**
 * Where the page is: the hash after "#/", in parts. Places are links, so that
 * reload, back and trestle:// addresses lead to them.
 */
class Router {
  #stack: string[] = [];
  #at = $state(-1);
  #length = $state(0);
  path = $state("");
  parts = $derived(
    this.path
      .split("/")
      .filter((p) => p !== "")
      .map(decodeURIComponent),
  );
  canBack = $derived(this.#at > 0);
  canForward = $derived(this.#at < this.#length - 1);

  /** Starts following the address; once. */
  start() {
    addEventListener("hashchange", () => this.#follow());
    this.#follow();
  }

  #follow() {
    const path = location.hash.replace(/^#\/?/, "");
    if (path === this.#stack[this.#at]) return;
    if (path === this.#stack[this.#at - 1]) this.#at--;
    else if (path === this.#stack[this.#at + 1]) this.#at++;
    else {
      this.#stack = [...this.#stack.slice(0, this.#at + 1), path];
      this.#at = this.#stack.length - 1;
      this.#length = this.#stack.length;
    }
    this.path = path;
  }

  /** Goes to a place such as "room/ID". */
  go(path: string) {
    location.hash = `#/${path}`;
    this.#follow();
  }

  /** Puts another place instead of this one: Back skips it. */
  replace(path: string) {
    history.replaceState(null, "", `#/${path}`);
    this.#stack[this.#at] = path;
    this.path = path;
  }

  back() {
    if (this.canBack) history.back();
  }

  forward() {
    if (this.canForward) history.forward();
  }
}

export const router = new Router();
