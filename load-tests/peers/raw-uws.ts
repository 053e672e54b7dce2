/*
 * uWebSockets.js alone: topics, publish, and just so much of Engine.IO and Socket.IO that the same
 * generator can speak with it. Heartbeats are uWebSockets.js's own.
 */
import * as uws from "uWebSockets.js";
import { Rooms, ready } from "./same-bytes.ts";
import type { Sent } from "./same-bytes.ts";

/** It sends no Engine.IO heartbeat: nobody should wait for one. */
const HOUR_MS = 3_600_000;
const OPEN = `0${JSON.stringify({ sid: "s".repeat(20), upgrades: [], pingInterval: HOUR_MS, pingTimeout: HOUR_MS, maxPayload: 1_000_000 })}`;
const CONNECT = `40${JSON.stringify({ sid: "s".repeat(20) })}`;

const rooms = new Rooms();
const app = uws.App();

app.ws("/socket.io/", {
  idleTimeout: 60,
  maxBackpressure: 1024 * 1024,
  open: (ws) => void ws.send(OPEN),
  message: (ws, bytes) => {
    const text = Buffer.from(bytes).toString();
    if (text.startsWith("40")) {
      const { token } = JSON.parse(text.slice(2)) as { token?: string };
      ws.send(CONNECT);
      ws.send(`42${JSON.stringify(["session:ready", ready(token !== undefined)])}`);
      return;
    }
    if (!text.startsWith("42")) return;
    const bracket = text.indexOf("[");
    const [name, payload] = JSON.parse(text.slice(bracket)) as [string, Sent];
    let data: object;
    if (name === "room:send") {
      const sent = rooms.send(payload);
      app.publish(payload.roomId, `42${JSON.stringify(["room:message", sent.event])}`);
      data = sent.data;
    } else if (name === "room:enter") {
      ws.subscribe(payload.roomId);
      data = rooms.enter();
    } else data = rooms.create();
    ws.send(`43${text.slice(2, bracket)}${JSON.stringify([{ ok: true, data }])}`);
  },
});
app.listen("127.0.0.1", 0, (socket) => {
  if (socket) console.log(`http://127.0.0.1:${uws.us_socket_local_port(socket)}`);
});
