import { expect } from "chai";
import { asksForNewSocket, canonicalAddress } from "./upgrade.ts";

describe("an upgrade's query", () => {
  it("asks for a new WebSocket of Engine.IO 4", () => {
    expect(asksForNewSocket("EIO=4&transport=websocket")).to.equal(true);
    expect(asksForNewSocket("transport=websocket&EIO=4&t=abc")).to.equal(true);
    expect(asksForNewSocket("EIO=4&transport=websocket&other=1")).to.equal(true);
  });

  const base = "EIO=4&transport=websocket";
  for (const query of [
    "",
    "EIO=4",
    "transport=websocket",
    "EIO=3&transport=websocket",
    "EIO=4&transport=WebSocket",
    "EIO=4&transport=",
    "EIO=4&transport=constructor",
    `${base}&sid=abc`,
    `${base}&sid=`,
    `${base}&%73id=abc`,
    `${base}&transport=websocket`,
    `${base}&EIO=4`,
    `${base}&x=1&x=1`,
    `${base}&b64=1`,
    `${base}&j=0`,
  ]) {
    it(`is refused: ${query || "none"}`, () => {
      expect(asksForNewSocket(query)).to.equal(false);
    });
  }
});

describe("an address", () => {
  it("[M7] has one spelling on both engines, so that one keyed hash stands for it", () => {
    expect(canonicalAddress("192.0.2.7")).to.equal("192.0.2.7");
    expect(canonicalAddress("::ffff:192.0.2.7")).to.equal("192.0.2.7");
    expect(canonicalAddress("0000:0000:0000:0000:0000:ffff:c000:0207")).to.equal("192.0.2.7");
    expect(canonicalAddress("2001:0db8:0000:0000:0000:0000:0000:0001")).to.equal("2001:db8::1");
    expect(canonicalAddress("2001:db8::1")).to.equal("2001:db8::1");
    expect(canonicalAddress("not:an:address")).to.equal("not:an:address");
  });
});
