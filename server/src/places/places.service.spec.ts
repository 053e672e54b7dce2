import { expect } from "chai";
import type { CircleId, Place, PlaceId, SeaId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, StoreUnavailable } from "../lib/errors.ts";
import { sha256 } from "../lib/sha256.ts";
import { PLACE_MIN_PEOPLE, PlaceCatalogue } from "./place-catalogue.ts";
import { PlaceService } from "./places.service.ts";
import { MemoryPlaceStore } from "./places.store.memory.ts";
import { RedisPlaceStore } from "./places.store.redis.ts";
import type { PlaceStore } from "./places.store.ts";

const HOUR = 60 * 60 * 1000;
const ids = ["land", "town", "north", "south", "other"] as PlaceId[];
const [land, town, north, south, other] = ids as [PlaceId, PlaceId, PlaceId, PlaceId, PlaceId];
const title = { en: "x", zh: "x" };
const PLACES: Place[] = [
  { id: land, title },
  { id: town, title, parent: land },
  { id: north, title, parent: town },
  { id: south, title, parent: town },
  { id: other, title },
];
const whoIs = (name: string): Context => ({
  drifter: `d-${name}` as Context["drifter"],
  connection: `s-${name}`,
  locale: "en",
  circle: `c-${name}` as CircleId,
  mask: `mask of ${name}`,
  box: `box of ${name}`,
  persona: { name: 0, hue: 0, creature: 0 },
});
const ann = whoIs("ann");

eachStore<PlaceStore>(
  "places",
  (clock) => new MemoryPlaceStore(clock),
  (connection) => new RedisPlaceStore(connection),
  (open) => {
    let t: TimedStore<PlaceStore>;
    let places: PlaceService;
    const serviceOf = (minPeople: number): PlaceService =>
      new PlaceService({
        store: t.store,
        catalogue: new PlaceCatalogue(PLACES),
        clock: { now: t.now },
        rules: { minPeople },
      });
    beforeEach(async () => {
      t = await open();
      places = serviceOf(2);
    });
    const mine = async (who = ann) => (await places.list(who)).mine;
    const refusal = async (call: Promise<unknown>): Promise<DomainError> => {
      const error: unknown = await call.then(
        () => null,
        (e: unknown) => e,
      );
      if (!(error instanceof DomainError)) throw new Error("was not refused");
      return error;
    };
    const people = async (...names: PlaceId[]): Promise<number[]> =>
      Promise.all(names.map((name) => t.store.people(name)));

    it("[F12] the first place that is named is his word; another within the hour has to wait", async () => {
      await places.name(ann, north);
      expect(await mine()).to.equal(north);
      await t.advance(HOUR / 4);
      for (const call of [
        places.name(ann, south),
        places.say(ann, south),
        places.say(ann, other),
      ]) {
        const { code, details } = await refusal(call);
        expect(code).to.equal("rate_limited");
        expect(details.retryAfterMs).to.equal((HOUR * 3) / 4);
      }
      await t.advance((HOUR * 3) / 4 - 1);
      expect((await refusal(places.say(ann, south))).details.retryAfterMs).to.equal(1);
      await t.advance(1);
      await places.say(ann, south);
      expect(await mine()).to.equal(south);
      expect(await people(north, south, town, land)).to.deep.equal([0, 1, 1, 1]);
    });

    it("[F12] what his place lies in is his as well, and asking for it moves him nowhere", async () => {
      await places.say(ann, north);
      for (const wide of [town, land, north]) await places.name(ann, wide);
      expect(await mine()).to.equal(north);
      await t.advance(3 * HOUR);
      await places.name(ann, land);
      expect(await mine()).to.equal(north);
    });

    it("[F12] he may say less at any time, and nothing; that opens no other place within the hour", async () => {
      await places.say(ann, north);
      await places.say(ann, town);
      expect(await mine()).to.equal(town);
      expect(await people(north, town, land)).to.deep.equal([0, 1, 1]);
      expect((await refusal(places.say(ann, south))).code).to.equal("rate_limited");
      await places.say(ann, null);
      expect(await mine()).to.equal(null);
      expect(await people(north, town, land)).to.deep.equal([0, 0, 0]);
      expect((await refusal(places.name(ann, south))).code).to.equal("rate_limited");
      await places.name(ann, north);
      expect(await mine()).to.equal(north);
    });

    it("[F12] of two places at the same time one is taken", async () => {
      const calls = await Promise.allSettled([north, south, other].map((p) => places.say(ann, p)));
      expect(calls.filter(({ status }) => status === "fulfilled")).to.have.length(1);
      expect((await people(north, south, other)).reduce((sum, n) => sum + n)).to.equal(1);
    });

    it("[F12] a place with too few shows what it lies in, and at last the world", async () => {
      expect(await places.name(ann, north), "one in all").to.equal(null);
      await places.say(whoIs("bo"), south);
      expect(await places.shown(north), "one north, one south").to.equal(town);
      await places.say(whoIs("cy"), north);
      expect(await places.shown(north)).to.equal(north);
      expect(await places.shown(south)).to.equal(town);
      expect(await places.shown(other)).to.equal(null);
      await t.advance(26 * HOUR);
      expect(await places.shown(north), "a day later").to.equal(null);
    });

    it("[F12] with 19 a place is its parent, with the twentieth itself", async () => {
      places = serviceOf(PLACE_MIN_PEOPLE);
      expect(PLACE_MIN_PEOPLE).to.equal(20);
      const crowd = Array.from({ length: 20 }, (_, i) => whoIs(`p${i}`));
      await places.say(whoIs("elsewhere"), south);
      for (const who of crowd.slice(0, 19)) await places.say(who, north);
      expect(await places.shown(north)).to.equal(town);
      await places.say(crowd[0]!, north);
      expect(await places.shown(north), "the same one again").to.equal(town);
      await places.say(crowd[19]!, north);
      expect(await places.shown(north)).to.equal(north);
      await places.say(crowd[0]!, null);
      expect(await places.shown(north)).to.equal(town);
    });

    it("[F12] who is here stays active; once an hour is enough to note it", async () => {
      const bo = whoIs("bo");
      for (const who of [ann, bo]) await places.say(who, north);
      places.connected(ann);
      for (let hours = 0; hours < 30; hours += 1) {
        await t.advance(HOUR);
        await places.tend();
      }
      expect(await people(north, town)).to.deep.equal([1, 1]);
      places.disconnected(ann);
      await t.advance(26 * HOUR);
      await places.tend();
      expect(await people(north)).to.deep.equal([0]);
      await places.renew(bo);
      expect(await people(north), "who comes back after days").to.deep.equal([1]);
      // Within the hour nothing is written: what is taken out stays out.
      await t.store.leave(north, sha256("place", bo.mask, north));
      await t.advance(HOUR - 1);
      await places.renew(bo);
      expect(await people(north)).to.deep.equal([0]);
      await t.advance(1);
      await places.renew(bo);
      expect(await people(north)).to.deep.equal([1]);
    });

    it("[F12] who was not counted because the store was away is counted when he says it again", async () => {
      await places.say(ann, town);
      const enter = t.store.enter.bind(t.store);
      t.store.enter = () => Promise.reject(new StoreUnavailable());
      await t.advance(HOUR);
      expect((await refusal(places.say(ann, north))).code).to.equal("unavailable");
      t.store.enter = enter;
      expect(await people(north)).to.deep.equal([0]);
      await places.say(ann, north);
      expect(await people(north)).to.deep.equal([1]);
    });

    it("[F12] an unknown place is invalid, with the field", async () => {
      const nowhere = "nowhere" as PlaceId;
      const asked = await refusal(places.name(ann, nowhere));
      expect(asked.details.fields).to.have.property("place");
      const said = await refusal(places.say(ann, nowhere));
      expect(said.details.fields).to.have.property("placeId");
      expect(await mine()).to.equal(null);
    });

    it("[F12] a place that the operator took out of his list is nobody's", async () => {
      await t.store.setWord(ann.circle, null, {
        named: "sunken" as PlaceId,
        namedAt: t.now() - HOUR,
        now: "sunken" as PlaceId,
      });
      expect(await mine()).to.equal(null);
      await places.renew(ann);
      await places.name(ann, north);
      expect(await mine()).to.equal(north);
    });

    it("[session:forget] who is forgotten counts nowhere, and has said nothing", async () => {
      await places.say(ann, north);
      await places.erase(ann);
      expect(await mine()).to.equal(null);
      expect(await people(north, town, land)).to.deep.equal([0, 0, 0]);
    });

    it("[F12] a place's sea is for those who are there, and the small one's is the wider one's", async () => {
      const sea = (name: string) => name as SeaId;
      expect(await places.seaOf(ann, sea("life")), "no place").to.equal("life");
      const { details } = await refusal(places.seaOf(ann, sea(north)));
      expect(details.fields).to.have.property("sea");
      expect(await places.seaHere(ann)).to.equal(null);
      await places.say(ann, north);
      expect(await places.seaOf(ann, sea(north))).to.equal("world");
      expect(await places.seaHere(ann)).to.equal(null);
      await places.say(whoIs("bo"), south);
      expect(await places.seaOf(ann, sea(north))).to.equal("town");
      expect(await places.seaHere(ann)).to.equal("town");
      await places.say(whoIs("cy"), north);
      expect(await places.seaOf(ann, sea(north))).to.equal("north");
      expect(await places.seaOf(ann, sea(land))).to.equal("land");
      expect((await refusal(places.seaOf(ann, sea(south)))).code).to.equal("invalid");
    });
  },
);
