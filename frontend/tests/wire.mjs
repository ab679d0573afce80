// A way to a service that a journey can cut, mend and make slow: a plain TCP relay on this computer. The program behind it is the real one
// and knows nothing of it. The relay runs in a thread of its own, because the journey stands still while a verb of the command line runs.
import net from "node:net";
import {
  isMainThread,
  parentPort,
  Worker,
  workerData,
} from "node:worker_threads";
import { fileURLToPath } from "node:url";

export class Wire {
  #thread;

  /** open begins to relay to a service, at an address of its own. */
  static async open(service) {
    const wire = new Wire();
    wire.#thread = new Worker(fileURLToPath(import.meta.url), {
      workerData: service,
    });
    wire.#thread.unref();
    wire.url = await wire.#ask({ do: "mend" });
    return wire;
  }

  #ask(what) {
    return new Promise((resolve) => {
      this.#thread.once("message", resolve);
      this.#thread.postMessage(what);
    });
  }

  /** cut ends every connection and takes no new one. */
  cut() {
    return this.#ask({ do: "cut" });
  }

  /** mend listens again where it did before. */
  mend() {
    return this.#ask({ do: "mend" });
  }

  /** slow lets so many bytes a second up to the service and down from it, all connections together; Infinity takes the limit away. */
  slow({ up = Infinity, down = Infinity }) {
    return this.#ask({ do: "slow", up, down });
  }

  /** aged lets the service take the program for one of another version, such as 0.0.9; "" lets it say its own again. */
  aged(version) {
    return this.#ask({ do: "aged", version });
  }

  /** close ends the thread. */
  close() {
    return this.#thread.terminate();
  }
}

/** beats is how often a second the slow ways are filled again. */
const beats = 20;

class Relay {
  #server;
  #port = 0;
  #pairs = new Set();
  rate = { up: Infinity, down: Infinity };
  #left = { up: 0, down: 0 };
  /** What the program is said to be, as long as its own version; "" for what it says itself. */
  version = "";

  constructor(service) {
    this.target = new URL(service);
    setInterval(() => this.#beat(), 1000 / beats);
  }

  #beat() {
    for (const way of ["up", "down"]) this.#left[way] = this.rate[way] / beats;
    for (const pair of this.#pairs) for (const q of pair) this.#flow(q);
  }

  mend() {
    this.#server = net.createServer((near) => {
      const far = net.connect(this.target.port, this.target.hostname);
      const pair = [
        { way: "up", from: near, to: far, waiting: [], over: false },
        { way: "down", from: far, to: near, waiting: [], over: false },
      ];
      this.#pairs.add(pair);
      const end = () => {
        near.destroy();
        far.destroy();
        this.#pairs.delete(pair);
      };
      for (const q of pair) {
        q.end = end;
        q.from.on("data", (chunk) => {
          q.waiting.push(q.way === "up" ? this.#said(chunk) : chunk);
          this.#flow(q);
        });
        q.from.on("error", end);
        q.from.on("close", () => {
          q.over = true;
          this.#flow(q);
        });
      }
    });
    return new Promise((resolve) =>
      this.#server.listen(this.#port, "127.0.0.1", () => {
        this.#port = this.#server.address().port;
        resolve(`http://127.0.0.1:${this.#port}`);
      }),
    );
  }

  /** Passes on what the rate lets through. What stays makes the sender wait, as a slow line does. */
  #flow(q) {
    while (q.waiting.length > 0) {
      const chunk = q.waiting[0];
      const n = Math.min(chunk.length, Math.floor(this.#left[q.way]));
      if (this.rate[q.way] !== Infinity && n <= 0) break;
      if (this.rate[q.way] === Infinity || n === chunk.length)
        q.waiting.shift();
      else q.waiting[0] = chunk.subarray(n);
      const part = this.rate[q.way] === Infinity ? chunk : chunk.subarray(0, n);
      this.#left[q.way] -= part.length;
      q.to.write(part);
    }
    if (q.waiting.length > 0) q.from.pause();
    else if (q.over) q.end();
    else if (q.from.isPaused()) q.from.resume();
  }

  #said(chunk) {
    if (this.version === "") return chunk;
    const text = chunk.toString("latin1");
    return Buffer.from(
      text.replace(/(trestle-client: )(\d+\.\d+\.\d+)/gi, (all, name, own) =>
        own.length === this.version.length ? name + this.version : all,
      ),
      "latin1",
    );
  }

  cut() {
    for (const pair of this.#pairs) pair[0].end();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

if (!isMainThread && parentPort) {
  const relay = new Relay(workerData);
  parentPort.on("message", async (m) => {
    if (m.do === "slow") relay.rate = { up: m.up, down: m.down };
    if (m.do === "aged") relay.version = m.version;
    parentPort.postMessage(
      m.do === "mend"
        ? await relay.mend()
        : m.do === "cut"
          ? await relay.cut()
          : undefined,
    );
  });
}
