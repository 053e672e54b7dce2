import { expect } from "chai";
import type { Place, PlaceId, Secret, SecretComment, SecretId } from "@driftsea/protocol";
import { takeCircleCode } from "../circle-code.ts";
import { readIcon } from "./icons.ts";
import { inPieces, readMarks } from "../safety/marks.ts";
import { metAgain } from "./meeting.ts";
import { joined } from "./order.ts";
import { isSpaced, rareWords } from "./rare.ts";
import { laidOut } from "./rungs.ts";
import {
  NO_STREAM,
  hasMore,
  withArrival,
  withFirstPage,
  withPage,
  withWaiting,
  without,
} from "./stream.ts";
import type { Stream } from "./stream.ts";

const ids = (text: string): SecretId[] => text.split(" ") as SecretId[];
const streamOf = (text: string, more: Partial<Stream> = {}): Stream => ({
  ...NO_STREAM,
  is: "read",
  ids: ids(text),
  ...more,
});

describe("the river's arms", () => {
  it("[F6] what comes live waits, and moves nothing until it is laid out", () => {
    const before = streamOf("a b c");
    const after = withArrival(withArrival(before, ids("d")[0]!), ids("e")[0]!);
    expect(after.ids).to.deep.equal(ids("a b c"));
    expect(after.waiting).to.deep.equal(ids("e d"));
    expect(withWaiting(after)).to.deep.include({ ids: ids("e d a b c"), waiting: [] });
  });

  it("lays nothing out twice, whichever way it comes", () => {
    const stream = withArrival(streamOf("a b"), ids("a")[0]!);
    expect(stream.waiting).to.deep.equal([]);
    expect(withPage(withArrival(stream, ids("c")[0]!), ids("b c d"), null).ids).to.deep.equal(
      ids("a b d"),
    );
  });

  it("ends behind the last page, and may be tried again where one did not come", () => {
    expect(hasMore(NO_STREAM)).to.equal(true);
    expect(hasMore(withPage(NO_STREAM, ids("a"), "next"))).to.equal(true);
    expect(hasMore(withPage(NO_STREAM, ids("a"), null))).to.equal(false);
    expect(hasMore({ ...NO_STREAM, is: "failed" })).to.equal(true);
  });

  it("after an absence: what is new waits, what is not there any more is named, the rest stays", () => {
    const { stream, gone } = withFirstPage(
      streamOf("a b c d e", { cursor: "later" }),
      ids("x a c"),
      "next",
    );
    expect(stream.ids).to.deep.equal(ids("a b c d e"));
    expect(stream.waiting).to.deep.equal(ids("x"));
    expect(gone, "d and e lie on a page that was not read again").to.deep.equal(ids("b"));
    expect(stream.cursor, "something new may lie between c and d").to.equal("next");
    expect(withPage(stream, ids("d y e"), null).ids).to.deep.equal(ids("a b c d e y"));
    expect(withFirstPage(streamOf("a b"), [], null).gone).to.deep.equal(ids("a b"));
    const waits = streamOf("a b", { waiting: ids("w v"), cursor: "later" });
    const after = (page: string, cursor: string | null) =>
      withFirstPage(waits, ids(page), cursor).stream.waiting;
    expect(after("w a", "next"), "what waits may lie below").to.deep.equal(ids("w v"));
    expect(after("w a b", null), "there is nothing below").to.deep.equal(ids("w"));
  });

  it("takes away what is hidden", () => {
    expect(without(streamOf("a b", { waiting: ids("c") }), ids("a")[0]!).ids).to.deep.equal(
      ids("b"),
    );
  });
});

describe("a secret that is met again", () => {
  const post: Secret = {
    id: "a".repeat(21) as SecretId,
    text: "words",
    label: "circle",
    age: "now",
    hearts: 1,
    comments: 0,
    mayComment: true,
    hearted: true,
    voted: "yes",
    muted: false,
  };
  const { voted: _none, ...plain } = post;
  const ofWorld: Secret = { ...plain, label: "world", mayComment: false, hearted: false };

  it("[F1] stays the circle's where the world has it too", () => {
    const again = metAgain(post, { ...ofWorld, hearts: 2 });
    expect(again).to.include({ label: "circle", hearts: 2, mayComment: true });
  });

  it("believes what this reader alone was told", () => {
    const again = metAgain(post, ofWorld);
    expect(again).to.include({ label: "circle", hearted: false, mayComment: true });
    expect(again).to.not.have.property("voted");
    expect(metAgain(undefined, ofWorld)).to.equal(ofWorld);
  });
});

describe("marks", () => {
  it("[F9] a text falls into marked and plain pieces, and nothing of it is lost", () => {
    const text = "ask @otter or 555-0199";
    const marks = [
      { start: 14, end: 22, kind: "phone" },
      { start: 4, end: 10, kind: "handle" },
    ];
    const pieces = inPieces(text, marks);
    expect(pieces.map((one) => one.kind)).to.deep.equal([null, "handle", null, "phone"]);
    expect(pieces.map((one) => one.text).join("")).to.equal(text);
  });

  it("[F9] marks that overlap or lie outside are cut to what fits", () => {
    const pieces = inPieces("abcdef", [
      { start: 1, end: 4, kind: "link" },
      { start: 2, end: 3, kind: "email" },
      { start: 3, end: 99, kind: "phone" },
      { start: 50, end: 60, kind: "phone" },
    ]);
    expect(pieces.map(({ text, kind }) => [text, kind])).to.deep.equal([
      ["a", null],
      ["bcd", "link"],
      ["ef", "phone"],
    ]);
  });

  it("reads what came beside a refusal, and is not led astray by anything else", () => {
    const one = { start: 0, end: 2, kind: "link" };
    expect(readMarks({ marks: JSON.stringify([one, null, { start: "0" }, 7]) })).to.deep.equal([
      one,
    ]);
    for (const marks of ["", "{}", "[", "null"]) expect(readMarks({ marks })).to.deep.equal([]);
    expect(readMarks(undefined)).to.deep.equal([]);
  });
});

describe("rare words", () => {
  it("[F17] names those that few would use, as they stand there, each once", () => {
    expect(
      rareWords(
        "My Grandfather planted a quince tree; the quince died. I’m crying, tired, worried.",
      ),
    ).to.deep.equal(["planted", "quince"]);
    expect(rareWords("We stopped talking, and it wasn't easier without you.")).to.deep.equal([]);
  });

  it("[F17] says nothing about Chinese", () => {
    expect(rareWords("我每天排练对话")).to.deep.equal([]);
    expect(isSpaced("我每天排练对话")).to.equal(false);
    expect(isSpaced("every day")).to.equal(true);
  });
});

describe("icons and links", () => {
  it("[F5] an icon is a creature and a hue, or nothing that is drawn", () => {
    expect(readIcon("7-300")).to.deep.equal({ name: 0, creature: 7, hue: 300 });
    for (const icon of ["crown", "", "7", "7-", "-1-2", "7-300-1"])
      expect(readIcon(icon), icon).to.equal(null);
  });

  it("knows a link into a circle by its form", () => {
    expect(takeCircleCode(`#/circle/${"a".repeat(43)}`)).to.equal(true);
    for (const hash of ["#/circle", "#/circle/short", `#/room/${"a".repeat(43)}`, ""])
      expect(takeCircleCode(hash), hash).to.equal(false);
  });
});

describe("answers below a secret", () => {
  it("[F4] stand in order, each once", () => {
    const said = (seq: number): SecretComment => ({
      seq,
      icon: "1-1",
      crown: false,
      text: `${seq}`,
      age: "now",
    });
    const all = joined([said(1), said(3)], [said(2), said(3)]);
    expect(all.map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
  });
});

describe("the operator's places", () => {
  it("[F12] stand below what they lie in, in the operator's order", () => {
    const placeOf = (id: string, parent?: string): Place => ({
      id: id as PlaceId,
      title: { en: id, zh: id },
      ...(parent === undefined ? {} : { parent: parent as PlaceId }),
    });
    const all = [
      placeOf("north", "town"),
      placeOf("land"),
      placeOf("far"),
      placeOf("town", "land"),
      placeOf("south", "town"),
    ];
    expect(laidOut(all).map(({ place, depth }) => `${depth} ${place.id}`)).to.deep.equal([
      "0 land",
      "1 town",
      "2 north",
      "2 south",
      "0 far",
    ]);
  });
});
