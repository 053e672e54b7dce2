import { expect } from "chai";
import { Meter, TokenBucket } from "./meter.ts";

describe("token bucket", () => {
  it("lets a burst through, then what flows in", () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(1, now))).to.deep.equal([true, true, true, false]);
    expect(bucket.take(1, 499)).to.equal(false);
    expect(bucket.take(1, 500)).to.equal(true);
    expect(bucket.take(1, 500)).to.equal(false);
  });

  it("never holds more than its burst", () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 100 }, 0);
    expect(bucket.take(2, 1_000_000)).to.equal(true);
    expect(bucket.take(1, 1_000_000)).to.equal(false);
    expect(bucket.take(3, 2_000_000)).to.equal(false);
  });

  it("takes nothing when it refuses", () => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 0 }, 0);
    expect(bucket.take(6, 0)).to.equal(false);
    expect(bucket.take(5, 0)).to.equal(true);
  });

  it("gives nothing for a clock that goes backwards, nor twice for the same time", () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 1000);
    expect(bucket.take(1, 1000)).to.equal(true);
    expect(bucket.take(1, 0)).to.equal(false);
    expect(bucket.take(1, 1000)).to.equal(false);
    expect(bucket.take(1, 2000)).to.equal(true);
  });

  it("loses no time over many small steps", () => {
    const bucket = new TokenBucket({ burst: 10, perSecond: 8 }, 0);
    let passed = 0;
    for (let now = 0; now <= 10_000; now += 25) passed += bucket.take(1, now) ? 1 : 0;
    // one less: floating point may leave the last token a hair short
    expect(passed).to.be.within(10 + 79, 10 + 80);
  });
});

describe("meter", () => {
  it("stops at whichever of packets and bytes runs out first", () => {
    let now = 0;
    const limits = {
      packets: { burst: 3, perSecond: 1 },
      bytes: { burst: 100, perSecond: 100 },
    };
    const small = new Meter(limits, () => now);
    expect([1, 1, 1, 1].map((bytes) => small.take(bytes))).to.deep.equal([true, true, true, false]);
    const large = new Meter(limits, () => now);
    expect([60, 60].map((bytes) => large.take(bytes))).to.deep.equal([true, false]);
    now = 1000;
    expect(small.take(1)).to.equal(true);
    expect(large.take(60)).to.equal(true);
  });
});
