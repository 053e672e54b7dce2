import { expect } from "chai";
import { LIMITS } from "@driftsea/protocol";
import type { PersonaId, RoomId } from "@driftsea/protocol";
import { fromBase64url } from "./bytes.ts";
import {
  BOXES_PER_MESSAGE,
  isRoomKey,
  newPair,
  newRoomKey,
  phraseOf,
  publicHalf,
  seal,
  sealBytes,
  unseal,
  unsealBytes,
  unwrapKey,
  wrapKey,
} from "./sealing.ts";
import type { Place, Plain } from "./sealing.ts";

const id = (letter: string): string => letter.repeat(21);
const place: Place = {
  roomId: id("r") as RoomId,
  epoch: 3,
  seq: 12,
  from: id("a") as PersonaId,
};
const text = (words: string): Plain => ({ t: "text", text: words });

describe("the sealing of a room's messages", () => {
  it("[R5] what is sealed opens under its key, in its place, and says the same", async () => {
    const key = newRoomKey();
    expect(isRoomKey(key)).to.equal(true);
    for (const plain of [
      text("The moon is up. 月亮出来了。🌊"),
      { t: "text", text: "yes", re: 11 },
      { t: "hello", pub: "x".repeat(87) },
    ] satisfies Plain[])
      expect(await unseal(key, place, await seal(key, place, plain))).to.deep.equal(plain);
  });

  it("[R5] there are three sizes, and two messages of one size look alike", async () => {
    const key = newRoomKey();
    const sizeOf = async (words: string): Promise<number> =>
      fromBase64url(await seal(key, place, text(words))).length;
    expect(await sizeOf("a")).to.equal(256);
    expect(await sizeOf("a".repeat(200))).to.equal(256);
    expect(await sizeOf("a".repeat(226))).to.equal(1024);
    expect(await sizeOf("a".repeat(1000))).to.equal(4096);
    // The longest message there is: 1000 characters of 4 bytes each.
    expect(await sizeOf("🌊".repeat(1000))).to.equal(4096);
    const first = await seal(key, place, text("same"));
    expect(await seal(key, place, text("same"))).to.not.equal(first);
  });

  it("[R5] it opens under no other key, and in no other room, epoch, number or mouth", async () => {
    const key = newRoomKey();
    const sealed = await seal(key, place, text("only here"));
    expect(await unseal(newRoomKey(), place, sealed)).to.equal(null);
    for (const other of [
      { roomId: id("q") as RoomId },
      { epoch: 4 },
      { seq: 13 },
      { from: id("b") as PersonaId },
    ])
      expect(await unseal(key, { ...place, ...other }, sealed)).to.equal(null);
    const flipped = fromBase64url(sealed);
    flipped[40]! ^= 1;
    expect(await unsealBytes(key, place, flipped)).to.equal(null);
  });

  it("[R5] what is inside and is nothing we know is not believed", async () => {
    const key = newRoomKey();
    for (const odd of [null, 7, { t: "text" }, { t: "rekey", pub: "p", epoch: "x", to: [] }])
      expect(await unseal(key, place, await seal(key, place, odd as unknown as Plain))).to.equal(
        null,
      );
  });

  it("[R12] a photo is sealed whole", async () => {
    const key = newRoomKey();
    const photo = crypto.getRandomValues(new Uint8Array(5000));
    const sealed = await sealBytes(key, place, photo);
    expect(sealed.length).to.equal(5000 + 28);
    expect(await unsealBytes(key, place, sealed)).to.deep.equal(photo);
    expect(await unsealBytes(key, { ...place, seq: 13 }, sealed)).to.equal(null);
  });

  it("[R5] a new key comes to each member in a box of his own, and to nobody else", async () => {
    const [old, next] = [newRoomKey(), newRoomKey()];
    const [host, ann, removed] = await Promise.all([newPair(), newPair(), newPair()]);
    const whom = { roomId: place.roomId, epoch: 4, id: id("b") as PersonaId };
    const box = await wrapKey(host, await publicHalf(ann), whom, next);
    const pub = await publicHalf(host);
    expect(await unwrapKey(ann, pub, whom, box)).to.equal(next);
    expect(await unwrapKey(removed, pub, whom, box)).to.equal(null);
    expect(await unwrapKey(ann, pub, { ...whom, epoch: 5 }, box)).to.equal(null);
    const to = Array.from({ length: BOXES_PER_MESSAGE }, () => ({ id: whom.id, box }));
    const sealed = await seal(old, place, { t: "rekey", epoch: 4, pub, to });
    expect(await unseal(old, place, sealed)).to.deep.equal({ t: "rekey", epoch: 4, pub, to });
  });

  it("[R5] a key has one phrase of six numbers", async () => {
    const key = newRoomKey();
    const phrase = await phraseOf(key);
    expect(phrase).to.have.length(6);
    expect(phrase.every((one) => one >= 0 && one < 32)).to.equal(true);
    expect(await phraseOf(key)).to.deep.equal(phrase);
    expect(await phraseOf(newRoomKey())).to.not.deep.equal(phrase);
  });
});

describe("what is a link", () => {
  it("[R5] what another program sealed is shown as the server would have taken it", async () => {
    const key = newRoomKey();
    const shown = async (text: string): Promise<unknown> => {
      const plain = await unseal(key, place, await seal(key, place, { t: "text", text }));
      return plain?.t === "text" ? plain.text : plain;
    };
    expect(await shown("It rains.\nA lot.")).to.equal("It rains.\nA lot.");
    expect(await shown("\u202ehidden\u200b\ud800")).to.equal("hidden");
    const lines = String(await shown("a\n".repeat(100))).split("\n");
    expect([lines.length, lines.at(-1)]).to.deep.equal([
      LIMITS.lineBreaks + 1,
      "a ".repeat(80).trim(),
    ]);
    expect(await shown(`a${"\u0301".repeat(500)}`)).to.equal(`a${"\u0301".repeat(8)}`);
  });
});
