import { expect } from "chai";
import { ManualClock } from "../lib/clock.ts";
import { DomainError, OperatorError } from "../lib/errors.ts";
import { DeskAccounts } from "./accounts.ts";
import { DeskService } from "./desk.service.ts";
import { MemoryDeskStore } from "./desk.store.memory.ts";
import { FakeReview } from "./review.fake.ts";
import { fromBase32, newSecret, stepAt, totp } from "./totp.ts";

const PASSWORD = "a long enough one";
/** So that a test is about the rules, and not about scrypt. */
const COST = { N: 16, r: 1, p: 1 };
const STEP_MS = 30_000;
const MINUTE_MS = 60_000;

const bearer = (token: string): string => `Bearer ${token}`;

async function failure(work: Promise<unknown>): Promise<DomainError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("sitting at the desk", () => {
  let clock: ManualClock;
  let store: MemoryDeskStore;
  let review: FakeReview;
  let desk: DeskService;
  let accounts: DeskAccounts;
  let secret: string;
  const code = (of = secret, step = stepAt(clock.now())): string => totp(fromBase32(of), step);
  const signIn = (more: { name?: string; password?: string; code?: string } = {}, from = "a") =>
    desk.signIn({ name: "mo", password: PASSWORD, code: code(), ...more }, from);
  const noted = (): string[] => review.noted.map(({ what }) => what);

  beforeEach(async () => {
    clock = new ManualClock(Date.UTC(2026, 0, 1));
    store = new MemoryDeskStore(clock);
    review = new FakeReview();
    const onUnsettled = (error: unknown): void => {
      throw error;
    };
    desk = new DeskService({ store, review, clock, onUnsettled, cost: COST, isBounded: true });
    accounts = new DeskAccounts(store, review, COST);
    ({ secret } = await accounts.add("mo", PASSWORD));
  });

  it("[M2] name, password and code together open a session, which its sign-out ends", async () => {
    const { token, name } = await signIn({ name: " Mo " });
    expect(name).to.equal("mo");
    const me = await desk.who(bearer(token));
    expect(me.name).to.equal("mo");
    await desk.signOut(me, bearer(token));
    expect((await failure(desk.who(bearer(token)))).code).to.equal("unauthorized");
    expect(noted()).to.deep.equal(["desk:account-made", "desk:signed-in", "desk:signed-out"]);
  });

  it("[M2] an unknown name, a wrong password, a wrong code and a used one look the same", async () => {
    await signIn();
    const used = code();
    await accounts.add("ada", PASSWORD);
    const wrong = used === "000000" ? "000001" : "000000";
    const errors = [
      await failure(signIn({ name: "eve", code: used })),
      await failure(signIn({ name: "<script>" })),
      await failure(
        signIn({ password: "another one here", code: code(secret, stepAt(clock.now()) + 1) }),
      ),
      await failure(signIn({ code: wrong })),
      await failure(signIn({ code: used })),
      await failure(signIn({ name: "ada", code: used })),
    ].map(({ code, message, details }) => JSON.stringify({ code, message, details }));
    expect(new Set(errors).size).to.equal(1);
    expect(errors[0]).to.include("unauthorized");
    await desk.idle();
    const failed = review.noted.filter(({ what }) => what === "desk:sign-in-failed");
    expect(failed.filter(({ moderator }) => moderator === null)).to.have.length(2);
    expect(failed).to.have.length(6);
  });

  it("[M2] sessions end idle after 30 min and in any case after 12 h", async () => {
    const { token } = await signIn();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      clock.advance(20 * MINUTE_MS);
      await desk.who(bearer(token));
    }
    clock.advance(20 * MINUTE_MS);
    expect((await failure(desk.who(bearer(token)))).code).to.equal("unauthorized");
    const other = await signIn();
    clock.advance(30 * MINUTE_MS);
    expect((await failure(desk.who(bearer(other.token)))).code).to.equal("unauthorized");
  });

  it("[M2] whoever guesses waits longer and longer, for a name that is none as well", async () => {
    for (const name of ["mo", "eve"]) {
      const waits: number[] = [];
      let address = 0;
      while (waits.length < 9) {
        // From everywhere, so that it is the name that waits.
        const error = await failure(signIn({ name, code: "000000" }, `${name} ${(address += 1)}`));
        if (error.code === "unauthorized") continue;
        expect(error.code).to.equal("rate_limited");
        waits.push(error.details.retryAfterMs!);
        clock.advance(error.details.retryAfterMs!);
      }
      expect(waits, name).to.deep.equal(
        [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000),
      );
    }
    expect((await signIn({}, "elsewhere")).name, "who knows all three gets in").to.equal("mo");
  });

  it("[M2] one address waits, whatever names it tries; others do not wait for it", async () => {
    for (let i = 0; i < 11; i += 1)
      expect((await failure(signIn({ name: `name-${i}` }))).code).to.equal("unauthorized");
    expect((await failure(signIn())).code).to.equal("rate_limited");
    expect((await signIn({}, "elsewhere")).name).to.equal("mo");
    await desk.idle();
  });

  it("[M2] a crowd of tries at once is not worked on all at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => signIn({ name: `name-${i}` }, String(i))),
    );
    const codes = results.map((one) => ((one as PromiseRejectedResult).reason as DomainError).code);
    expect(codes.filter((one) => one === "unauthorized")).to.have.length(4);
    expect(codes.filter((one) => one === "rate_limited")).to.have.length(26);
  });

  it("[M2] names that nobody has do not fill the log", async () => {
    for (let i = 0; i < 40; i += 1) await failure(signIn({ name: `name-${i}` }, String(i)));
    await desk.idle();
    expect(noted().filter((what) => what === "desk:sign-in-failed")).to.have.length(30);
  });

  it("[M2] a new password needs the old one and a fresh code, and ends every session", async () => {
    const { token } = await signIn();
    const me = await desk.who(bearer(token));
    const change = (more = {}) =>
      desk.changePassword(
        me,
        { password: PASSWORD, code: code(), next: "quite another one", ...more },
        "a",
      );
    expect((await failure(change())).code, "a used code").to.equal("forbidden");
    clock.advance(STEP_MS);
    expect((await failure(change({ password: "guessed it?" }))).code).to.equal("forbidden");
    expect((await failure(change({ next: "mo and many more" }))).code).to.equal("invalid");
    await change();
    expect((await failure(desk.who(bearer(token)))).code).to.equal("unauthorized");
    clock.advance(STEP_MS);
    expect((await failure(signIn())).code).to.equal("unauthorized");
    expect((await signIn({ password: "quite another one" })).name).to.equal("mo");
    expect(noted()).to.include("desk:password-changed");
  });

  it("[M2] new codes are confirmed by one of them, and end every session", async () => {
    const { token } = await signIn();
    const me = await desk.who(bearer(token));
    const { secret: fresh, address } = desk.newSecret(me);
    expect(address).to.include(fresh);
    clock.advance(STEP_MS);
    const change = (next: string, of = fresh) =>
      desk.changeSecret(me, { password: PASSWORD, code: code(), secret: of, next }, "a");
    expect((await failure(change(code(newSecret())))).code).to.equal("invalid");
    await change(code(fresh));
    expect((await failure(desk.who(bearer(token)))).code).to.equal("unauthorized");
    expect((await failure(signIn({ code: code(fresh) }))).code, "used").to.equal("unauthorized");
    clock.advance(STEP_MS);
    expect((await failure(signIn({ code: code() }))).code, "the old one").to.equal("unauthorized");
    expect((await signIn({ code: code(fresh) })).name).to.equal("mo");
  });

  it("[M2] an account that is removed or reset is out at once", async () => {
    const { token } = await signIn();
    const { secret: fresh } = await accounts.reset("mo", "a new long password");
    expect((await failure(desk.who(bearer(token)))).code).to.equal("unauthorized");
    const again = await signIn({ password: "a new long password", code: code(fresh) });
    await accounts.remove("mo");
    expect((await failure(desk.who(bearer(again.token)))).code).to.equal("unauthorized");
    expect(await accounts.list()).to.deep.equal([]);
    expect(noted().slice(-1)).to.deep.equal(["desk:account-ended"]);
  });

  it("[M2] an account needs a name of its own and a password of 12 characters without it", async () => {
    for (const [name, password] of [
      ["mo", PASSWORD],
      ["Mo", PASSWORD],
      ["", PASSWORD],
      ["ada", "short"],
      ["ada", ""],
      ["ada", "Ada and some more"],
    ] as const) {
      let error: unknown;
      await accounts.add(name, password).catch((e: unknown) => (error = e));
      expect(error, `${name}, ${password}`).to.be.instanceOf(OperatorError);
    }
    for (const work of [() => accounts.remove("eve"), () => accounts.reset("eve", PASSWORD)]) {
      let error: unknown;
      await work().catch((e: unknown) => (error = e));
      expect(error).to.be.instanceOf(OperatorError);
    }
  });

  it("[M2] knows within seconds whether there are moderators", async () => {
    expect(await desk.hasModerators()).to.equal(true);
    await accounts.remove("mo");
    clock.advance(5000);
    expect(await desk.hasModerators()).to.equal(false);
  });
});
