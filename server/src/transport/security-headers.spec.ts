import { createHash } from "node:crypto";
import { expect } from "chai";
import { ownPolicy, securityHeaders } from "./security-headers.ts";

const policy = (host: string | undefined): string =>
  securityHeaders(host)["content-security-policy"]!;

describe("security headers", () => {
  it("[M11] close everything but the page's own files", () => {
    const directives = policy(undefined).split("; ");
    expect(directives).to.include.members([
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types driftsea-worker driftsea-shell",
    ]);
    expect(policy(undefined)).not.to.include("unsafe");
  });

  it("[M11] of a page with its styles in it allow these and nothing else, and its script where it has one", () => {
    const two = "<style>a{}</style><style>b{}</style>";
    const own = ownPolicy(two)["content-security-policy"]!.split("; ");
    expect(own).to.include.members(["default-src 'none'", "frame-ancestors 'none'"]);
    expect(own[1]!.match(/'sha256-/g)).to.have.length(2);
    expect(own.join()).not.to.include("script");
    const scripted = ownPolicy(`${two}<script>tick()</script>`)["content-security-policy"]!;
    const hash = createHash("sha256").update("tick()").digest("base64");
    expect(scripted.split("; ")).to.include.members([
      `script-src 'sha256-${hash}'`,
      "require-trusted-types-for 'script'",
    ]);
    expect(ownPolicy(`${two}<script src="/x.js"></script>`)).to.deep.equal({});
    expect(ownPolicy("<p>plain</p>")).to.deep.equal({});
  });

  it("[M11] name the host for WebSocket", () => {
    for (const host of ["drift.example", "localhost:8080", "192.0.2.7:1", "[2001:db8::1]:443"]) {
      expect(policy(host)).to.include(`connect-src 'self' ws://${host} wss://${host};`);
    }
  });

  for (const host of [
    "",
    "a b",
    "x; script-src *",
    "x;script-src",
    "x,y",
    "*",
    "*.example",
    "x'",
    "a..b",
    "-a",
    "user@host",
    "host/path",
    "host:",
    "host:123456",
    "bücher.example",
    `${"a".repeat(64)}.example`,
    "a.".repeat(200) + "a",
  ]) {
    it(`do not repeat what is not a host: ${JSON.stringify(host.slice(0, 30))}`, () => {
      expect(policy(host)).to.include("connect-src 'self';");
    });
  }
});
