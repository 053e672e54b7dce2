import { expect } from "chai";
import type { BoxId } from "@driftsea/protocol";
import { Hearing } from "./hearing.ts";

const places = ["a", "b", "c", "d"].map((name) => name as BoxId);

describe("what a connection listens to", () => {
  const open = (isThere = true) => {
    const joined = new Set<string>();
    const publisher = {
      join: (connection: string, place: string) =>
        isThere && !!joined.add(`${connection} ${place}`),
      leave: (connection: string, place: string) => void joined.delete(`${connection} ${place}`),
    };
    return { hearing: new Hearing(publisher, 2), joined };
  };

  it("[F10] is so much, each connection for itself; the oldest gives way, and what is heard again is new", () => {
    const { hearing, joined } = open();
    for (const place of places.slice(0, 2)) hearing.listen("one", place);
    hearing.listen("other", places[0]!);
    hearing.listen("one", places[0]!);
    hearing.listen("one", places[2]!);
    expect([...joined].sort()).to.deep.equal(["one a", "one c", "other a"]);
    hearing.turnAway("one", places[0]!);
    hearing.listen("one", places[3]!);
    expect([...joined].sort()).to.deep.equal(["one c", "one d", "other a"]);
  });

  it("[F10] what has closed takes nobody's place, and whoever has gone listens to nothing", () => {
    const { hearing, joined } = open();
    for (const place of places.slice(0, 2)) hearing.listen("one", place);
    hearing.closed(places[0]!);
    hearing.listen("one", places[2]!);
    expect(joined.has("one b")).to.equal(true);
    hearing.disconnected("one");
    hearing.listen("one", places[3]!);
    expect(joined.has("one b"), "nothing is left of before").to.equal(true);
    const gone = open(false);
    gone.hearing.listen("one", places[0]!);
    expect(gone.joined.size).to.equal(0);
  });
});
