/*
 * Bare Socket.IO: rebroadcasts and acknowledges. No validation, no metering, no screening, no log,
 * no recovery. On ws, or with `--uws` on uWebSockets.js.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { Rooms, ready } from "./same-bytes.ts";
import type { Sent } from "./same-bytes.ts";

type Ack = (reply: object) => void;

const io = new Server({ transports: ["websocket"], serveClient: false });
const rooms = new Rooms();

io.on("connection", (socket) => {
  const { token } = socket.handshake.auth as { token?: string };
  socket.emit("session:ready", ready(token !== undefined));
  socket.on("room:create", (_payload: object, ack: Ack) => {
    ack({ ok: true, data: rooms.create() });
  });
  socket.on("room:enter", ({ roomId }: Sent, ack: Ack) => {
    void socket.join(roomId);
    ack({ ok: true, data: rooms.enter() });
  });
  socket.on("room:send", (sent: Sent, ack: Ack) => {
    const { event, data } = rooms.send(sent);
    io.to(sent.roomId).emit("room:message", event);
    ack({ ok: true, data });
  });
});

function tell(port: number): void {
  console.log(`http://127.0.0.1:${port}`);
}

if (process.argv.includes("--uws")) {
  const uws = await import("uWebSockets.js");
  const app = uws.App();
  io.attachApp(app);
  app.listen("127.0.0.1", 0, (socket) => {
    if (socket) tell(uws.us_socket_local_port(socket));
  });
} else {
  const http = createServer();
  io.attach(http);
  http.listen(0, "127.0.0.1", () => tell((http.address() as AddressInfo).port));
}
