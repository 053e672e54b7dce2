import { expect } from "chai";
import type { Place, PlaceId } from "@driftsea/protocol";
import { PLACES_MAX, PLACE_DEPTH_MAX, PlaceCatalogue } from "./place-catalogue.ts";
import { faultOfPlaces, readPlaces } from "./place-catalogue.ts";

const title = { en: "a place", zh: "一处" };
const placeOf = (id: string, parent?: string): Place => ({
  id: id as PlaceId,
  title,
  ...(parent === undefined ? {} : { parent: parent as PlaceId }),
});

describe("the operator's places", () => {
  it("[F12] lie in one another, each upward to the widest", () => {
    const places = [placeOf("campus", "town"), placeOf("town", "land"), placeOf("land")];
    const catalogue = new PlaceCatalogue(places);
    expect(catalogue.path("campus" as PlaceId)).to.deep.equal(["campus", "town", "land"]);
    expect(catalogue.path("land" as PlaceId)).to.deep.equal(["land"]);
    expect(catalogue.path("nowhere" as PlaceId)).to.deep.equal([]);
    expect(faultOfPlaces(places, ["world"])).to.equal(null);
  });

  it("[F12] every fault of the list has its own words", () => {
    const faultOf = (...places: Place[]): string | null => faultOfPlaces(places, ["world", "life"]);
    expect(faultOf(placeOf("a", "b"))).to.include("lies in b, which is not in the list");
    expect(faultOf(placeOf("a"), placeOf("b"), placeOf("a"))).to.include("a is named twice");
    expect(faultOf(placeOf("a", "a"))).to.include("a lies in itself");
    expect(faultOf(placeOf("c", "a"), placeOf("a", "b"), placeOf("b", "a"))).to.match(
      /[ab] lies in itself/,
    );
    expect(faultOf(placeOf("life"))).to.include("life is a sea as well");
    const deep = Array.from({ length: PLACE_DEPTH_MAX + 1 }, (_, i) =>
      placeOf(`p${i}`, i === 0 ? undefined : `p${i - 1}`),
    );
    expect(faultOf(...deep)).to.include(`${PLACE_DEPTH_MAX + 1} deep`);
    expect(faultOf(...deep.slice(0, -1))).to.equal(null);
    const many = Array.from({ length: PLACES_MAX + 1 }, (_, i) => placeOf(`p${i}`));
    expect(faultOf(...many)).to.include(`at most ${PLACES_MAX}`);
    expect(faultOf(...many.slice(1))).to.equal(null);
  });

  it("[F12] a list of another form is none", () => {
    const good = { id: "town", title, parent: "land" };
    expect(readPlaces([good])).to.deep.equal([good]);
    expect(readPlaces([]), "no place").to.deep.equal([]);
    for (const bad of [
      null,
      {},
      [null],
      [7],
      [{ ...good, id: "Town" }],
      [{ ...good, id: 1 }],
      [{ ...good, title: { en: "x" } }],
      [{ ...good, title: { en: "x", zh: " " } }],
      [{ ...good, title: "x" }],
      [{ ...good, parent: null }],
      [{ ...good, parent: "a b" }],
      [good, { id: "b" }],
    ])
      expect(readPlaces(bad), JSON.stringify(bad)).to.equal(null);
  });
});
