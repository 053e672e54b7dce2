import { expect } from "chai";
import { Decoder, Encoder, PacketType } from "socket.io-parser";
import { answerPacket, commandIn } from "./command-packet.ts";

/** What Socket.IO reads of a packet. */
function readBySocketIo(packet: string): unknown {
  let read: unknown;
  const decoder = new Decoder();
  decoder.on("decoded", (decoded: unknown) => (read = decoded));
  decoder.add(packet);
  return read;
}

describe("packets of commands", () => {
  for (const [name, payload] of [
    ["room:send", { text: '漂流瓶 "]', list: [1, null] }],
    ["bottle:catch", undefined],
  ] as const)
    it(`[M8] a command is read as Socket.IO writes it: ${name}`, () => {
      const data = payload === undefined ? [name] : [name, payload];
      const [packet] = new Encoder().encode({ type: PacketType.EVENT, nsp: "/", id: 70, data });
      expect(commandIn(`4${String(packet)}`)).to.deep.equal({ id: "70", packet: data });
    });

  it("[M8] an answer is written as Socket.IO reads it", () => {
    const reply = { ok: true, data: { text: "漂流瓶\u2028" } };
    expect(readBySocketIo(answerPacket("70", reply))).to.deep.equal({
      type: PacketType.ACK,
      nsp: "/",
      id: 70,
      data: [reply],
    });
  });

  for (const frame of [
    '42["room:send",{}]',
    '421{"room:send":1}',
    '421["room:send"',
    "421[]",
    "421",
    "42",
    "",
    '421["disconnect"]',
    "421[1,2]",
    '42/desk,1["room:send",{}]',
    '42-1["room:send",{}]',
    `42${"9".repeat(16)}["room:send",{}]`,
    '431["room:send",{}]',
    '451-1["room:send",{}]',
  ])
    it(`[M8] what is no plain command is left to Socket.IO: ${frame}`, () => {
      expect(commandIn(frame)).to.equal(null);
    });
});
