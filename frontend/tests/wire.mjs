// A way to a service that a journey can cut, mend and make slow: the relay of build/relay, a process of its own, because the journey stands
// still while a verb of the command line runs.
import { execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../..",
);
const program = path.join(root, "build/bin/relay");
let built = false;

export class Wire {
  #relay;
  /** Those that wait for an answer, in order. */
  #asked = [];

  /** open begins to relay to a service, at an address of its own. */
  static async open(service) {
    if (!built)
      execFileSync("go", ["build", "-o", program, "./build/relay"], {
        cwd: root,
        stdio: "inherit",
      });
    built = true;
    const wire = new Wire();
    wire.#start(service);
    wire.url = (await wire.#tell({ do: "url" })).url;
    return wire;
  }

  #start(service) {
    this.#relay = spawn(program, [service], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.#relay.stdout }).on("line", (line) =>
      this.#asked.shift().resolve(JSON.parse(line)),
    );
    this.#relay.stdin.on("error", () => {}); // said below, when it has ended
    this.#relay.on("close", (code) => {
      for (const asked of this.#asked.splice(0))
        asked.reject(new Error(`the relay ended with ${code}`));
    });
  }

  #tell(order) {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#relay.stdin.write(`${JSON.stringify(order)}\n`);
    });
  }

  /** cut ends every connection and takes no new one. */
  cut() {
    return this.#tell({ do: "cut" });
  }

  /** mend lets connections through again, at the same address. */
  mend() {
    return this.#tell({ do: "mend" });
  }

  /** slow lets so many bytes a second up to the service and down from it, all connections together; 0 takes the limit away. */
  slow({ up = 0, down = 0 }) {
    return this.#tell({ do: "slow", up, down });
  }

  /** aged lets the service take the program for one of another version, such as 0.0.9; "" lets it say its own again. */
  aged(version) {
    return this.#tell({ do: "aged", version });
  }

  /** close ends the relay. */
  close() {
    return new Promise((resolve) => {
      this.#relay.on("close", resolve);
      this.#relay.stdin.end();
    });
  }
}
