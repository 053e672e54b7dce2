import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Classifier, FAILURES, OPEN_MS } from "./classifier.ts";
import type { ClassifierOutcome } from "./classifier.ts";

describe("the outside classifier", () => {
  let server: Server;
  let url: string;
  let answer: (body: string, response: ServerResponse, request: IncomingMessage) => void;
  let asked: { body: string; request: IncomingMessage }[];
  let outcomes: ClassifierOutcome[];
  let open: boolean[];
  let now: number;

  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        asked.push({ body, request });
        answer(body, response, request);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/screen`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  beforeEach(() => {
    [asked, outcomes, open, now] = [[], [], [], 0];
  });

  const create = (timeoutMs = 2000): Classifier =>
    new Classifier({
      url,
      timeoutMs,
      onOutcome: (outcome) => outcomes.push(outcome),
      onOpen: (isOpen) => open.push(isOpen),
      now: () => now,
    });
  const says = (said: unknown): void => {
    answer = (_body, response) => response.end(JSON.stringify(said));
  };

  it("[M12] is handed the text and where it is from, and nothing else; what it says counts", async () => {
    says({ verdict: "hold", marks: [{ start: 0, end: 3, kind: "threat" }], care: true, more: 1 });
    expect(await create().ask("some text", "bottle")).to.deep.equal({
      verdict: "hold",
      marks: [{ start: 0, end: 3, kind: "threat" }],
      care: true,
    });
    expect(JSON.parse(asked[0]!.body)).to.deep.equal({ text: "some text", where: "bottle" });
    const { headers, method } = asked[0]!.request;
    expect(method).to.equal("POST");
    // Nothing but what fetch says of itself.
    for (const name of Object.keys(headers))
      expect(name).to.match(
        /^(accept(-encoding|-language)?|connection|content-(length|type)|host|sec-fetch-mode|user-agent)$/,
      );
    says({ verdict: "fine" });
    expect(await create().ask("x", "room")).to.deep.equal({
      verdict: "fine",
      marks: [],
      care: false,
    });
    expect(outcomes).to.deep.equal(["answered", "answered"]);
  });

  for (const [what, said] of [
    ["another verdict", { verdict: "maybe" }],
    ["no verdict", {}],
    ["no object", 7],
    ["nothing", null],
    ["marks that are none", { verdict: "fine", marks: "all" }],
    ["a mark of no kind", { verdict: "fine", marks: [{ start: 0, end: 1, kind: "evil" }] }],
    ["a mark beyond the text", { verdict: "fine", marks: [{ start: 0, end: 10, kind: "spam" }] }],
    ["an empty mark", { verdict: "fine", marks: [{ start: 1, end: 1, kind: "spam" }] }],
    ["a mark before it", { verdict: "fine", marks: [{ start: -1, end: 1, kind: "spam" }] }],
    ["a mark between numbers", { verdict: "fine", marks: [{ start: 0.5, end: 1, kind: "spam" }] }],
    [
      "a thousand marks",
      {
        verdict: "fine",
        marks: Array.from({ length: 1000 }, () => ({ start: 0, end: 1, kind: "spam" })),
      },
    ],
    ["care that is a word", { verdict: "fine", care: "yes" }],
    ["megabytes", { verdict: "fine", more: "x".repeat(2 ** 20) }],
  ] as const)
    it(`[M12] one that lies about its format is away: ${what}`, async () => {
      says(said);
      expect(await create().ask("some text", "bottle")).to.equal(null);
      expect(outcomes).to.deep.equal(["malformed"]);
    });

  it("[M12] no JSON, an error, a redirection elsewhere: away", async () => {
    answer = (_body, response) => response.end("<html>");
    expect(await create().ask("x", "bottle")).to.equal(null);
    answer = (_body, response) => response.writeHead(500).end('{"verdict":"fine"}');
    expect(await create().ask("x", "bottle")).to.equal(null);
    answer = (_body, response) => response.writeHead(307, { location: `${url}/else` }).end();
    expect(await create().ask("x", "bottle")).to.equal(null);
    expect(asked.map(({ request }) => request.url)).to.deep.equal(Array(3).fill("/screen"));
    expect(outcomes).to.deep.equal(["malformed", "failed", "failed"]);
  });

  it("[M12] one that is slow, at once or byte by byte, is waited for no longer than its deadline", async () => {
    const classifier = create(150);
    for (const slow of [
      () => {},
      (_body: string, response: ServerResponse) => void response.write('{"verdict":'),
    ]) {
      answer = slow;
      const began = performance.now();
      expect(await classifier.ask("x", "bottle")).to.equal(null);
      expect(performance.now() - began).to.be.within(100, 1500);
    }
    expect(outcomes).to.deep.equal(["late", "late"]);
  });

  it("[M12] after failures in a row it is left alone; then one text tries it, and all ask again", async () => {
    const classifier = create();
    answer = (_body, response) => response.writeHead(503).end();
    for (let i = 0; i < FAILURES; i += 1) await classifier.ask("x", "bottle");
    expect(open).to.deep.equal([true]);
    expect(await classifier.ask("x", "bottle")).to.equal(null);
    expect(asked).to.have.length(FAILURES);
    expect(outcomes.at(-1)).to.equal("skipped");

    now += OPEN_MS;
    let finish = (): void => {};
    answer = (_body, response) => (finish = () => response.writeHead(503).end());
    const trial = classifier.ask("x", "bottle");
    expect(await classifier.ask("x", "bottle"), "another meanwhile").to.equal(null);
    while (asked.length < FAILURES + 1) await new Promise((done) => setTimeout(done, 5));
    finish();
    expect(await trial).to.equal(null);
    expect(await classifier.ask("x", "bottle"), "left alone again").to.equal(null);
    expect(asked).to.have.length(FAILURES + 1);

    now += OPEN_MS;
    says({ verdict: "fine" });
    expect(await classifier.ask("x", "bottle")).to.include({ verdict: "fine" });
    expect(await classifier.ask("x", "bottle")).to.include({ verdict: "fine" });
    expect(open).to.deep.equal([true, false]);
  });

  it("[M12] who only tries texts takes it from nobody who writes", async () => {
    const held: ServerResponse[] = [];
    answer = (_body, response) => void held.push(response);
    const classifier = create();
    const trials = Array.from({ length: 30 }, () => classifier.ask("a trial", "bottle", true));
    const written = classifier.ask("words", "bottle");
    while (held.length < 21) await new Promise((done) => setTimeout(done, 5));
    expect(outcomes, "trials beyond those").to.deep.equal(Array(10).fill("skipped"));
    for (const response of held) response.end(JSON.stringify({ verdict: "fine" }));
    expect(await written).to.include({ verdict: "fine" });
    expect((await Promise.all(trials)).filter(Boolean)).to.have.length(20);
    answer = (_body, response) => response.writeHead(500).end();
    for (let i = 0; i < FAILURES; i += 1) await classifier.ask("a trial", "bottle", true);
    says({ verdict: "fine" });
    expect(await classifier.ask("words", "bottle"), "nor by trials that fail").to.not.equal(null);
  });

  it("[M12] nobody there at all: away, and the circuit opens", async () => {
    const classifier = new Classifier({
      url: "http://127.0.0.1:1/",
      timeoutMs: 1000,
      onOutcome: (outcome) => outcomes.push(outcome),
      onOpen: (isOpen) => open.push(isOpen),
    });
    for (let i = 0; i <= FAILURES; i += 1)
      expect(await classifier.ask("x", "bottle")).to.equal(null);
    expect(open).to.deep.equal([true]);
    expect(outcomes.at(-1)).to.equal("skipped");
  });
});
