import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { PlaceId, SeaId, SecretId } from "@driftsea/protocol";
import { ConfigError, readConfig } from "../src/config.ts";
import { CIRCLE, FIVE, FIVE_PAIRS, circleOf, nextEpoch, posts } from "./harness/circle.ts";
import { untilShown } from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

const [land, town, north, south] = ["land", "town", "north", "south"] as [
  PlaceId,
  PlaceId,
  PlaceId,
  PlaceId,
];
const LIST = [
  { id: land, title: { en: "The land", zh: "这片地" } },
  { id: town, title: { en: "The town", zh: "城里" }, parent: land },
  { id: north, title: { en: "North campus", zh: "北校区" }, parent: town },
  { id: south, title: { en: "South campus", zh: "南校区" }, parent: town },
];
const HOUR_MS = 60 * 60 * 1000;

const folder = mkdtempSync(join(tmpdir(), "driftsea-places-"));
const fileOf = (name: string, list: unknown): string => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(list));
  return file;
};
after(() => rmSync(folder, { recursive: true, force: true }));

const ask = (who: Visitor, place: PlaceId, more: { cursor?: string } = {}) =>
  who.ask("feed:open", { place, ...more });
const textsIn = async (who: Visitor, place: PlaceId): Promise<string[]> =>
  (await ask(who, place)).posts.map(({ text }) => text);
const shownIn = (who: Visitor, place: PlaceId, text: string): Promise<void> =>
  until(async () => (await textsIn(who, place)).includes(text), `${text} to drift there`);

onEverySetup("places", (setup) => {
  const start = (settings = {}) =>
    setup.start({
      ...CIRCLE,
      PLACES: fileOf("places.json", LIST),
      PLACE_MIN_PEOPLE: 2,
      CATCHES_PER_DAY: 1000,
      ...settings,
    });
  const come = async (url: string, count: number): Promise<Visitor[]> =>
    Promise.all(Array.from({ length: count }, () => Visitor.come(url)));
  /** Two who are in a place, so that it is shown. */
  const twoIn = async (url: string, place: PlaceId) => {
    const [one, other] = (await come(url, 2)) as [Visitor, Visitor];
    for (const who of [one, other]) await who.ask("place:say", { placeId: place });
    return [one, other] as const;
  };

  it("[F12] the list is the operator's, in both languages, without a number of people", async () => {
    const server = await start();
    const [ann] = await twoIn(server.url, north);
    expect(await ann.ask("place:list", {})).to.deep.equal({ places: LIST, mine: north });
    expect(ann.ready.features).to.include("places");
    const said = JSON.stringify([await ann.ask("place:list", {}), await ask(ann, north)]);
    expect(said).to.not.match(/people|count|\b2\b/);
  });

  it("[F12] without a list there is no place", async () => {
    const server = await setup.start(CIRCLE);
    const ann = await Visitor.come(server.url);
    expect(await ann.ask("place:list", {})).to.deep.equal({ places: [], mine: null });
    expect(ann.ready.features).to.not.include("places");
    const reply = await ann.send("feed:open", { place: town });
    expect(reply).to.have.nested.property("error.fields.place");
    await ann.ask("place:say", { placeId: null });
  });

  it("[F12] by feed:open or feed:post alone he says where he is, once an hour", async () => {
    const server = await start();
    for (const first of ["feed:open", "feed:post"] as const) {
      const ann = await Visitor.come(server.url);
      if (first === "feed:open") await ask(ann, north);
      else await posts(ann, "from the north", { place: north });
      expect((await ann.ask("place:list", {})).mine).to.equal(north);
      const post = { id: writeId(), text: "x", ownerHash: "s".repeat(43) as never, place: south };
      for (const reply of [
        await ann.send("feed:open", { place: south }),
        await ann.send("feed:post", post),
        await ann.send("place:say", { placeId: south }),
      ]) {
        expect(reply).to.have.nested.property("error.code", "rate_limited");
        expect(reply)
          .to.have.nested.property("error.retryAfterMs")
          .that.is.within(HOUR_MS - 60_000, HOUR_MS);
      }
      // What his place lies in is his as well.
      for (const place of [town, land, north]) await ask(ann, place);
      expect((await ann.ask("place:list", {})).mine).to.equal(north);
      // It is the drifter who has said it, not the connection.
      await ann.leave();
      const again = await Visitor.come(server.url, { token: ann.token });
      expect((await again.ask("place:list", {})).mine).to.equal(north);
      expect(await again.refused("feed:open", { place: south })).to.equal("rate_limited");
    }
  });

  it("[F12] an unknown or badly formed place is invalid, with the field; nothing is said by it", async () => {
    const server = await start();
    const ann = await Visitor.come(server.url);
    const post = { id: writeId(), text: "x", ownerHash: "s".repeat(43) };
    for (const place of ["nowhere", "Town", "a b", "", "x".repeat(33), "world", null, 7, [town]]) {
      for (const [name, payload, field] of [
        ["feed:open", { place }, "place"],
        ["feed:post", { ...post, place }, "place"],
        ["place:say", { placeId: place }, "placeId"],
      ] as const) {
        if (name === "place:say" && place === null) continue;
        const reply = await ann.raw(name, payload);
        expect(reply, `${name} ${String(place)}`).to.have.nested.property("error.code", "invalid");
        expect(reply).to.have.nested.property(`error.fields.${field}`);
      }
    }
    expect((await ann.ask("place:list", {})).mine).to.equal(null);
  });

  it("[F12] a secret drifts in its place, in the world's colours, and names no place", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    const stranger = await Visitor.come(server.url);
    const { post } = await posts(bo, "the roof is open at night", { place: north });
    await shownIn(ann, north, "the roof is open at night");
    const page = await ask(ann, north);
    expect(page).to.deep.equal({
      open: true,
      place: north,
      posts: [
        {
          id: post.id,
          text: "the roof is open at night",
          label: "world",
          age: "now",
          hearts: 0,
          comments: 0,
          mayComment: false,
          hearted: false,
          muted: false,
        },
      ],
    });
    // It is nowhere else: not in the world, not around it, and in nobody's circle.
    expect((await stranger.ask("feed:world", {})).posts).to.deep.equal([]);
    expect(await textsIn(ann, town)).to.deep.equal([]);
    expect(await ann.ask("feed:open", {})).to.deep.equal({ open: false, posts: [] });
    expect(await textsIn(stranger, south), "south shows the town").to.deep.equal([]);
  });

  it("[F12] under 20 a place shows its parent; with the twentieth it is itself, read and written", async function () {
    this.timeout(40_000);
    const server = await start({ PLACE_MIN_PEOPLE: 20 });
    const ann = await Visitor.come(server.url);
    expect((await ask(ann, north)).place, "one in all: the world").to.equal(null);
    await posts(ann, "too early", { place: north });
    const crowd = await come(server.url, 19);
    for (const one of crowd.slice(0, 18)) await one.ask("place:say", { placeId: north });
    expect((await ask(ann, north)).place, "19").to.equal(null);
    const far = await Visitor.come(server.url);
    await far.ask("place:say", { placeId: south });
    expect((await ask(ann, north)).place, "19 north, 20 in town").to.equal(town);
    await posts(ann, "to the town", { place: north });
    await shownIn(ann, north, "to the town");
    await shownIn(far, town, "to the town");
    await shownIn(far, south, "to the town");
    await crowd[18]!.ask("place:say", { placeId: north });
    expect(await ask(ann, north), "20").to.deep.equal({ open: true, posts: [], place: north });
    expect((await ask(far, south)).place).to.equal(town);
    await posts(ann, "to the north alone", { place: north });
    await shownIn(crowd[0]!, north, "to the north alone");
    expect(await textsIn(far, south)).to.deep.equal(["to the town"]);
    // One who says nothing any more counts no more.
    await crowd[0]!.ask("place:say", { placeId: null });
    expect((await ask(ann, north)).place).to.equal(town);
    // Where nobody was enough it went the way of every secret, and to the world by hearts alone.
    expect((await far.ask("feed:world", {})).posts).to.deep.equal([]);
  });

  it("[F12] [F15] it is there from its release on, and not before", async () => {
    const server = await start({ RELEASE_DELAY_MAX_MS: 86_400_000 });
    const [ann, bo] = await twoIn(server.url, north);
    const { post } = await posts(bo, "later", { place: north });
    await pause(300);
    expect(await textsIn(ann, north)).to.deep.equal([]);
    expect(await ann.refused("feed:heart", { postId: post.id, on: true })).to.equal("gone");
  });

  it("[F12] [F6] what is released while one reads there is told at once, and to nobody else", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    const [far, other] = await twoIn(server.url, south);
    await ask(ann, north);
    await ask(far, south);
    await ask(bo, town);
    await other.ask("feed:world", {});
    const { post } = await posts(bo, "now", { place: north });
    const told = await ann.event("feed:posted");
    expect(told).to.deep.include({ here: true });
    expect(told.post).to.include({ id: post.id, label: "world", text: "now" });
    await pause(700);
    expect(ann.events("feed:posted"), "once").to.have.length(1);
    for (const who of [bo, far, other]) expect(who.events("feed:posted")).to.deep.equal([]);
    await bo.ask("feed:heart", { postId: post.id, on: true });
    expect((await ann.event("feed:changed")).postId).to.equal(post.id);
  });

  it("[F12] deleted it is gone from its place as from everywhere; muted it is marked", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    const { post, ownerKey } = await posts(bo, "one", { place: north });
    await posts(bo, "two", { place: north });
    for (const text of ["one", "two"]) await shownIn(ann, north, text);
    await ann.ask("feed:mute", { postId: post.id });
    const muted = (await ask(ann, north)).posts.filter((one) => one.muted);
    expect(muted.map(({ text }) => text)).to.deep.equal(["one"]);
    await ann.ask("feed:heart", { postId: post.id, on: true });
    const foreign = { id: writeId(), postId: post.id, text: "hello" };
    expect(await ann.refused("feed:comment", foreign), "as in the world").to.equal("forbidden");
    await bo.ask("feed:delete", { postId: post.id, ownerKey });
    expect((await ann.event("feed:withdrawn")).postId).to.equal(post.id);
    expect(await textsIn(ann, north)).to.deep.equal(["two"]);
  });

  it("[F12] [F1] what lies in the reader's own feed as well says so", async () => {
    const server = await start({ WORLD_AT_CIRCLES: 1 });
    const { ann, bo } = await circleOf(server.url, FIVE, FIVE_PAIRS);
    await nextEpoch();
    const [reader] = await twoIn(server.url, north);
    const { post } = await posts(bo, "of a circle and of a place", { place: north });
    await untilShown(ann, "of a circle and of a place");
    expect((await ask(ann, north)).posts[0]).to.include({ label: "circle", mayComment: true });
    expect((await ask(reader, north)).posts[0]).to.include({ label: "world", mayComment: false });
    // Who has no circle carries nothing.
    await reader.ask("feed:heart", { postId: post.id, on: true });
    await pause(200);
    expect((await reader.ask("feed:world", {})).posts).to.deep.equal([]);
  });

  it("[F12] [F3] a secret met in a place alone is carried to the circle of who gives it a heart", async () => {
    const server = await start({ WORLD_AT_CIRCLES: 1 });
    const { ann, bo } = await circleOf(server.url, FIVE, FIVE_PAIRS);
    await nextEpoch();
    const [author] = await twoIn(server.url, north);
    const { post } = await posts(author, "from nobody you know", { place: north });
    await shownIn(author, north, "from nobody you know");
    const world = async () => (await author.ask("feed:world", {})).posts.length;
    await ann.ask("feed:heart", { postId: post.id, on: true });
    await bo.ask("feed:heart", { postId: post.id, on: true });
    await pause(300);
    expect(await world(), "it does not lie before them").to.equal(0);
    await ask(bo, north);
    await bo.ask("feed:share", { postId: post.id });
    await until(async () => (await world()) === 1, "the share to carry it");
  });

  it("[F12] pages go on from a cursor", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    for (let i = 0; i < 23; i += 1) await posts(bo, `number ${i}`, { place: north });
    await until(async () => {
      const { cursor } = await ask(ann, north);
      return cursor !== undefined && (await ask(ann, north, { cursor })).posts.length === 3;
    }, "all to drift there");
    const first = await ask(ann, north);
    const second = await ask(ann, north, { cursor: first.cursor! });
    expect(second).to.not.have.property("cursor");
    const ids = new Set<SecretId>([...first.posts, ...second.posts].map(({ id }) => id));
    expect(ids.size).to.equal(23);
    expect(await ann.refused("feed:open", { place: north, cursor: "no.cursor" })).to.equal(
      "invalid",
    );
  });

  it("[F11] [F12] a one-off secret in a place shares with it its id alone; the place names nobody", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    const { post } = await posts(bo, "whose am I", { place: north });
    await shownIn(ann, north, "whose am I");
    const dump = await setup.dump();
    if (dump === null) return;
    const lines = dump.split("\n");
    const isOwn = (line: string): boolean => line.includes(`{p:${post.id}}`);
    const values = new Set(
      lines
        .filter(isOwn)
        .join(" ")
        .match(/[\w-]{20,}/g),
    );
    expect(values.size).to.be.greaterThan(1);
    expect(lines.filter(isOwn).join(" "), "the record knows no place").to.not.include(north);
    const elsewhere = lines.filter((line) => !isOwn(line));
    values.delete(post.id);
    for (const value of values)
      expect(elsewhere.filter((line) => line.includes(value))).to.deep.equal([]);
    for (const line of elsewhere.filter((one) => one.includes(post.id)))
      expect(line, "also not his own feed, where no other has it").to.match(
        /^\["driftsea:\{pl:north\}:(feed|due|arrived|blocks)"/,
      );
    // A mark of one place is found in no other record, and no two places share one.
    const marks = lines
      .filter((line) => /\{pl:\w+\}:people/.test(line))
      .flatMap((line) => line.match(/[\w-]{43}/g) ?? []);
    expect(marks).to.have.length(6);
    for (const mark of marks) expect(lines.filter((line) => line.includes(mark))).to.have.length(1);
    // What he said lies in his circle's slot, and nothing of it with the drifter.
    for (const line of lines.filter((one) => one.includes(`"[\\"north`)))
      expect(line).to.match(/^\["driftsea:\{c:[\w-]{43}\}:place"/);
    expect(lines.filter((line) => /\{d:/.test(line)).join(" ")).to.not.include(north);
  });

  it("[F12] [session:forget] who is forgotten counts in no place", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    expect((await ask(ann, north)).place).to.equal(north);
    await bo.ask("session:forget", {});
    expect((await ask(ann, north)).place).to.equal(null);
    const dump = await setup.dump();
    if (dump !== null) expect(dump.match(/\{c:[\w-]{43}\}:place/g)).to.have.length(1);
  });

  it("[F12] [B9] a place has a sea, for those who are there, and a bottle stays in it", async () => {
    const server = await start();
    const [ann, bo] = await twoIn(server.url, north);
    const stranger = await Visitor.come(server.url);
    const sea = north as string as SeaId;
    const named = async (who: Visitor) => (await who.ask("sea:list", {})).seas;
    expect(await named(ann)).to.have.length(6);
    expect((await named(ann)).at(-1)).to.deep.equal({
      id: north,
      title: "North campus",
      afloat: "few",
    });
    expect(await named(stranger)).to.have.length(5);
    const bottle = await ann.throws("a bottle of the north", { sea });
    expect(bottle.sea).to.equal(north);
    expect((await ann.ask("bottle:mine", {})).bottles).to.have.length(1);
    for (const reply of [
      await stranger.send("bottle:catch", { sea }),
      await stranger.send("bottle:throw", { id: writeId(), text: "x", sea }),
      await ann.send("bottle:catch", { sea: south as string as SeaId }),
      await ann.send("bottle:catch", { sea: "nowhere" as SeaId }),
    ]) {
      expect(reply).to.have.nested.property("error.code", "invalid");
      expect(reply).to.have.nested.property("error.fields.sea");
    }
    expect((await bo.ask("bottle:catch", {})).outcome, "in the world").to.equal("calm");
    const around = { sea: town as string as SeaId };
    expect((await bo.ask("bottle:catch", around)).outcome, "around it").to.equal("calm");
    const caught = await bo.catches({ sea });
    expect(caught.bottle).to.include({ text: "a bottle of the north", sea: north });
    await bo.answers(caught.bottle.id, "and an answer");
    await ann.event("bottle:answered");
    expect(ann.events("sea:tide").map((told) => told.sea)).to.not.include(sea);
  });

  it("[F12] the sea of a place with too few is its parent's, and at last the world", async () => {
    const server = await start();
    const sea = north as string as SeaId;
    const ann = await Visitor.come(server.url);
    await ann.ask("place:say", { placeId: north });
    expect((await ann.throws("alone", { sea })).sea).to.equal("world");
    const bo = await Visitor.come(server.url);
    await bo.ask("place:say", { placeId: south });
    expect((await ann.throws("two in town", { sea })).sea).to.equal(town);
    expect((await ann.ask("sea:list", {})).seas.at(-1)).to.include({ id: town });
    const caught = await bo.catches({ sea: south as string as SeaId });
    expect(caught.bottle.text).to.equal("two in town");
  });
});

describe("the operator's list of places", () => {
  it("[F12] is read whole, and its faults are named as those of other settings", () => {
    expect(readConfig({})).to.deep.include({ places: [], placeMinPeople: 20 });
    const env = { PLACES: fileOf("good.json", LIST), PLACE_MIN_PEOPLE: "3" };
    expect(readConfig(env)).to.deep.include({ places: LIST, placeMinPeople: 3 });
    const title = { en: "x", zh: "x" };
    const faults: [unknown, string][] = [
      [{ places: LIST }, "must be ["],
      [[{ id: "UP", title }], "must be ["],
      [[{ id: "a", title, parent: "b" }], "which is not in the list"],
      [[{ id: "a", title, parent: "a" }], "lies in itself"],
      [[...LIST, LIST[0]], "named twice"],
      [[{ id: "world", title }], "is a sea as well"],
      [[{ id: "hobby", title }], "is a sea as well"],
    ];
    for (const [list, words] of faults)
      expect(() => readConfig({ PLACES: fileOf("bad.json", list) }), words)
        .to.throw(ConfigError)
        .with.property("message")
        .that.includes("PLACES=")
        .and.includes(words);
    expect(() => readConfig({ PLACES: "/nowhere.json", PLACE_MIN_PEOPLE: "0" }))
      .to.throw(ConfigError)
      .with.property("faults")
      .that.has.length(2);
  });
});
