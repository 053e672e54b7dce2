import { expect } from "chai";
import { Doorkeeper } from "./doorkeeper.ts";

describe("doorkeeper", () => {
  it("[M4] an address over its limit is a crowd once in a while, however often it tries", () => {
    let now = 1_000_000;
    let crowds = 0;
    const refused: string[] = [];
    const doorkeeper = new Doorkeeper({
      allowedOrigins: null,
      trustedProxies: 0,
      connectionsPerAddress: 2,
      isDraining: () => false,
      onRefused: (reason) => refused.push(reason),
      onCrowd: () => (crowds += 1),
      now: () => now,
    });
    const knock = (address: string, times: number): void => {
      const upgrade = { origin: undefined, host: "sea.example", forwardedFor: undefined };
      for (let i = 0; i < times; i += 1) doorkeeper.admit({ ...upgrade, address });
    };
    knock("192.0.2.1", 2);
    expect(crowds).to.equal(0);
    knock("192.0.2.1", 1000);
    expect(crowds).to.equal(1);
    knock("192.0.2.2", 1000);
    expect(crowds).to.equal(2);
    now += 10_000;
    knock("192.0.2.1", 1000);
    expect(crowds).to.equal(3);
    expect(refused).to.have.length(1000 + 998 + 1000);
  });

  it("[M8] what a proxy passes on as an address need not be one", () => {
    const doorkeeper = new Doorkeeper({
      allowedOrigins: null,
      trustedProxies: 1,
      connectionsPerAddress: 100,
      isDraining: () => false,
      onRefused: () => {},
      onCrowd: () => {},
      now: () => 0,
    });
    for (const forwardedFor of ["1:2:3:4:5:6:7:8:9::", "::", "::::", ":".repeat(1000), "", "?"]) {
      const upgrade = { origin: undefined, host: "sea.example", address: "192.0.2.1" };
      expect(doorkeeper.admit({ ...upgrade, forwardedFor }), forwardedFor).to.include({
        admitted: true,
      });
    }
  });
});
