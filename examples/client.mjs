// A drifter in plain JavaScript: throws a bottle, catches one of a stranger's, and answers it.
//   npm install socket.io-client && node client.mjs http://localhost:3000
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";

const url = process.argv[2] ?? "http://localhost:3000";
const TRIES = 20;

// Without a token one is a new drifter; whoever wants to come back keeps `ready.token`, and gives it here.
const socket = io(url, { transports: ["websocket"], auth: { protocol: 1, locale: "en" } });
socket.on("connect_error", ({ message, data }) => {
  console.error("not let in:", data?.code ?? message);
  process.exit(1);
});

/** 21 random characters: a write that is sent again under the same id is still one write. */
const writeId = () => randomBytes(16).toString("base64url").slice(0, 21);

/** Sends a command and resolves to its data; sends it again where the server says that this may help. */
async function ask(name, payload) {
  for (let tries = 1; ; tries += 1) {
    const reply = await socket
      .timeout(5000)
      .emitWithAck(name, payload)
      .catch(() => ({ ok: false, error: { code: "no answer", retryable: true } }));
    if (reply.ok) return reply.data;
    const { code, retryable, retryAfterMs = 1000, fields } = reply.error;
    const isPatient = retryable && retryAfterMs <= 10_000 && tries < 3;
    if (!isPatient) throw new Error(`${name}: ${code} ${JSON.stringify(fields ?? {})}`);
    await pause(retryAfterMs);
  }
}

const ready = await new Promise((resolve) => socket.once("session:ready", resolve));
console.log(`${ready.quotas.throws.left} throws and ${ready.quotas.catches.left} catches today`);

const { bottle } = await ask("bottle:throw", { id: writeId(), text: "Is anybody out there?" });
console.log("thrown, afloat until", new Date(bottle.expiresAt).toISOString());

// A catch brings up a bottle, a creature of the sea, or nothing, which costs nothing.
for (let tries = 1; tries <= TRIES; tries += 1) {
  const caught = await ask("bottle:catch", {});
  if (caught.outcome === "bottle") {
    console.log("a stranger wrote:", caught.bottle.text);
    const { id: bottleId } = caught.bottle;
    const { thread } = await ask("bottle:answer", { id: writeId(), bottleId, text: "I am." });
    console.log("answered, in thread", thread.id);
    break;
  }
  console.log(caught.outcome === "creature" ? `a ${caught.creature}` : "calm water");
  if (tries < TRIES) await pause(500);
}
socket.disconnect();
