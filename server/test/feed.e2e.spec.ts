import { expect } from "chai";
import type { Secret } from "@driftsea/protocol";
import {
  CIRCLE,
  FIVE,
  FIVE_PAIRS,
  befriend,
  circleOf,
  feedOf,
  newOwner,
} from "./harness/circle.ts";
import { nextEpoch, posts, untilShown } from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

onEverySetup("circle and feed", (setup) => {
  const five = async (settings = {}) => {
    const server = await setup.start({ ...CIRCLE, ...settings });
    const people = await circleOf(server.url, FIVE, FIVE_PAIRS);
    await nextEpoch();
    return { ...people, server };
  };

  it("[F2] friends come by one-time links; one learns one's own number and nothing else", async () => {
    const server = await setup.start({ ...CIRCLE, CIRCLE_MIN_FRIENDS: 3 });
    const [ann, bo, cy] = await Promise.all([1, 2, 3].map(() => Visitor.come(server.url)));
    const { code, expiresAt } = await ann!.ask("circle:invite", {});
    expect(code).to.match(/^[\w-]{43}$/);
    expect(expiresAt).to.be.greaterThan(Date.now());
    expect(await ann!.refused("circle:accept", { code }), "one's own").to.equal("gone");
    expect(await bo!.ask("circle:accept", { code })).to.deep.equal({});
    expect(await bo!.ask("circle:accept", { code }), "again").to.deep.equal({});
    expect(await cy!.refused("circle:accept", { code }), "used up").to.equal("gone");
    for (const one of [ann!, bo!]) {
      expect(await one.ask("circle:status", {})).to.deep.equal({
        open: false,
        friends: 1,
        needed: 2,
        couldWrite: "few",
      });
      expect(await one.ask("feed:open", {})).to.deep.equal({ open: false, posts: [] });
    }
    const many = await ann!.ask("circle:invite", { uses: 2 });
    await cy!.ask("circle:accept", { code: many.code });
    await befriend(ann!, await Visitor.come(server.url));
    expect(await ann!.ask("circle:status", {})).to.include({ open: true, friends: 3, needed: 0 });
    // Who came by one link is left by it; the other side sees one friend less, and no word.
    expect(await ann!.ask("circle:leave", { code: many.code })).to.deep.equal({});
    expect((await ann!.ask("circle:status", {})).friends).to.equal(2);
    expect((await cy!.ask("circle:status", {})).friends).to.equal(0);
    const old = { code: many.code };
    // The link is not a way back, and does not tell that there is none.
    expect(await cy!.ask("circle:accept", old)).to.deep.equal({});
    expect((await cy!.ask("circle:status", {})).friends).to.equal(0);
    expect((await ann!.ask("circle:status", {})).friends).to.equal(2);
    await bo!.ask("circle:leave", { all: true });
    expect((await ann!.ask("circle:status", {})).friends).to.equal(1);
    expect(await bo!.ask("circle:leave", { all: true }), "of nobody").to.deep.equal({});
    const both = { all: true, code: many.code } as const;
    expect(await cy!.refused("circle:leave", both)).to.equal("invalid");
    await cy!.ask("circle:leave", {});
    expect((await cy!.ask("circle:status", {})).friends).to.equal(0);
  });

  it("[F1] [F6] the right ones see a secret arrive, as their circle's, with a coarse age", async () => {
    const { ann, bo, cy, dan, eve, server } = await five();
    const stranger = await Visitor.come(server.url);
    for (const one of [ann, bo, cy, dan, eve, stranger]) await one.ask("feed:open", {});
    const { post } = await posts(bo, "I have never seen the sea");
    const { post: arrived } = await ann.event("feed:posted");
    const seen: Secret = {
      id: post.id,
      text: "I have never seen the sea",
      label: "circle",
      age: "now",
      hearts: 0,
      comments: 0,
      mayComment: true,
      hearted: false,
      muted: false,
    };
    expect(arrived).to.deep.equal(seen);
    await untilShown(ann, seen.text);
    expect((await ann.ask("feed:open", {})).posts).to.deep.equal([seen]);
    // Of bo's circle nobody but eve could have written, as bo would count: nobody is shown there.
    expect(await feedOf(bo)).to.deep.equal([]);
    expect(stranger.events("feed:posted")).to.deep.equal([]);
    expect(await feedOf(stranger)).to.deep.equal([]);
  });

  it("[F2] [F14] below k nobody is shown anything; friends of today count from tomorrow on", async () => {
    const { ann, bo } = await five({ CIRCLE_K: 3 });
    await posts(bo, "hidden by nobody");
    await pause(1500);
    expect(await feedOf(ann)).to.deep.equal([]);
  });

  it("[F14] an epoch's audience is frozen: a friend of this epoch is shown nothing of it", async () => {
    const { ann, bo, eve, server } = await five({ EPOCH_MS: 4000 });
    // The harness waits for its own epochs, which are shorter.
    await pause(4000 - (Date.now() % 4000) + 300);
    const late = await Visitor.come(server.url);
    await befriend(bo, late);
    await befriend(eve, late);
    await posts(bo, "of today");
    await untilShown(ann, "of today");
    await late.ask("feed:open", {});
    await pause(700);
    expect(await feedOf(late)).to.deep.equal([]);
    // And who parts is shown to the end of the epoch what was written in it.
    await ann.ask("circle:leave", { all: true });
    expect((await ann.ask("circle:status", {})).friends).to.equal(0);
  });

  it("[F14] a secret is withdrawn where the circle falls under k", async () => {
    const { ann, bo, cy, dan } = await five();
    await ann.ask("feed:open", {});
    const { post } = await posts(bo, "in good company");
    await ann.event("feed:posted");
    for (const one of [cy, dan]) await one.ask("circle:leave", { all: true });
    expect((await ann.event("feed:withdrawn")).postId).to.equal(post.id);
    expect(await feedOf(ann)).to.deep.equal([]);
  });

  it("[F14] a feed that was withdrawn shows what is written once its circle is large enough again", async () => {
    const { ann, bo, cy, dan, eve } = await five();
    await ann.ask("feed:open", {});
    await posts(bo, "before");
    await ann.event("feed:posted");
    for (const one of [cy, dan]) await one.ask("circle:leave", { all: true });
    await ann.event("feed:withdrawn");
    expect(await feedOf(ann)).to.deep.equal([]);
    for (const one of [cy, dan]) for (const friend of [bo, eve]) await befriend(friend, one);
    // Whoever left his page open is told, and hears what comes.
    await ann.event("feed:opened");
    await posts(bo, "after");
    await until(
      () => ann.events("feed:posted").some(({ post }) => post.text === "after"),
      "it to be told",
    );
    expect(await feedOf(ann), "nothing of the past").to.deep.equal(["after"]);
  });

  it("[F4] whose circle hides nobody answers his own secret without a crown, from one epoch to the next", async () => {
    const { bo } = await five();
    await bo.ask("feed:open", {});
    const { post } = await posts(bo, "mine");
    const says = () => bo.send("feed:comment", { id: writeId(), postId: post.id, text: "hm" });
    await until(async () => (await says()).ok, "it to be there");
    await nextEpoch();
    await pause(600);
    expect((await says()).ok).to.equal(true);
  });

  it("[F14] whose circle is shown from a new epoch on is told, and nobody else", async () => {
    const epoch = 3000;
    const server = await setup.start({ ...CIRCLE, EPOCH_MS: epoch });
    await pause(epoch - (Date.now() % epoch));
    const { ann, bo } = await circleOf(server.url, FIVE, FIVE_PAIRS);
    const stranger = await Visitor.come(server.url);
    for (const one of [ann, stranger])
      expect((await one.ask("feed:open", {})).posts).to.deep.equal([]);
    // Bo's circle hides nobody, now or tomorrow.
    await bo.ask("feed:open", {});
    expect(await ann.event("feed:opened")).to.deep.equal({});
    await pause(700);
    for (const one of [bo, stranger]) expect(one.events("feed:opened")).to.deep.equal([]);
    expect(ann.events("feed:opened"), "once").to.have.length(1);
  });

  it("[F3] a heart carries it once to a circle; at so many circles it is the world's", async () => {
    const { ann, bo, cy, dan, eve, server } = await five({ WORLD_AT_CIRCLES: 2 });
    const stranger = await Visitor.come(server.url);
    await stranger.ask("feed:world", {});
    const { post } = await posts(bo, "for all");
    await untilShown(ann, "for all");
    const give = (who: Visitor, on: boolean) => who.ask("feed:heart", { postId: post.id, on });
    expect(await give(ann, true)).to.deep.equal({ hearts: 1 });
    expect(await give(ann, true), "again").to.deep.equal({ hearts: 1 });
    expect(await give(ann, false)).to.deep.equal({ hearts: 0 });
    expect(await give(ann, true)).to.deep.equal({ hearts: 1 });
    await pause(300);
    expect((await stranger.ask("feed:world", {})).posts, "one circle").to.deep.equal([]);
    // A share carries as a heart does.
    await untilShown(cy, "for all");
    // Before whom it does not lie, he carries nothing.
    await eve.ask("feed:share", { postId: post.id });
    await pause(300);
    expect((await stranger.ask("feed:world", {})).posts).to.deep.equal([]);
    await cy.ask("feed:share", { postId: post.id });
    const { post: worldly } = await stranger.event("feed:posted");
    expect(worldly).to.include({ label: "world", text: "for all", hearts: 1, mayComment: false });
    expect((await stranger.ask("feed:world", {})).posts).to.deep.equal([worldly]);
    await untilShown(cy, "for all");
    await untilShown(dan, "for all");
    const of = async (who: Visitor) => (await who.ask("feed:open", {})).posts[0]!;
    expect(await of(ann)).to.include({ label: "circle", hearted: true, mayComment: true });
  });

  it("[F4] [F5] its circle comments under icons of this secret alone; the author wears a crown", async () => {
    const { ann, bo, eve, server } = await five();
    const stranger = await Visitor.come(server.url);
    const says = (who: Visitor, postId: Secret["id"], text: string) =>
      who.ask("feed:comment", { id: writeId(), postId, text });
    const one = await posts(bo, "one");
    const two = await posts(bo, "two");
    await untilShown(ann, "one");
    await untilShown(ann, "two");
    const first = (await says(ann, one.post.id, "hm")).comment;
    expect(first).to.deep.include({ seq: 1, crown: false, text: "hm", age: "now" });
    expect(first.icon).to.match(/^\d+-\d+$/);
    expect((await says(ann, one.post.id, "more")).comment.icon, "one person").to.equal(first.icon);
    expect((await says(ann, two.post.id, "hm")).comment.icon, "elsewhere").to.not.equal(first.icon);
    const asAuthor = {
      id: writeId(),
      postId: one.post.id,
      text: "it is me",
      ownerKey: one.ownerKey,
    };
    const { comment: crowned } = await bo.ask("feed:comment", asAuthor);
    expect(crowned).to.include({ seq: 3, crown: true, icon: "crown" });
    expect((await bo.ask("feed:comment", asAuthor)).comment, "again").to.deep.equal(crowned);
    const forged = { id: writeId(), postId: one.post.id, text: "me!", ownerKey: two.ownerKey };
    expect(await eve.refused("feed:comment", forged)).to.equal("gone");
    const foreign = { id: writeId(), postId: one.post.id, text: "hello" };
    expect(await stranger.refused("feed:comment", foreign)).to.equal("forbidden");
    const read = await ann.ask("feed:comments", { postId: one.post.id, after: 2 });
    expect(read).to.deep.equal({ comments: [crowned], recovered: true });
    await until(() => ann.events("feed:commented").length > 0, "the comment to be told");
    expect(ann.events("feed:changed").at(-1)).to.include({ postId: one.post.id });
  });

  it("[F5] icons anew for each comment, and comments of anyone, where the author chose so", async () => {
    const { ann, bo, server } = await five();
    const { post } = await posts(bo, "all", { icons: "fresh", comments: "anyone" });
    await untilShown(ann, "all");
    const icons = new Set<string>();
    for (const text of ["a", "b", "c", "d"]) {
      const { comment } = await ann.ask("feed:comment", { id: writeId(), postId: post.id, text });
      icons.add(comment.icon);
    }
    expect(icons.size).to.be.greaterThan(1);
    const stranger = await Visitor.come(server.url);
    await stranger.ask("feed:comment", { id: writeId(), postId: post.id, text: "me too" });
  });

  it("[F7] hidden is gone from one feed for good; muted is marked; deleted is gone for all", async () => {
    const { ann, bo, eve } = await five();
    const one = await posts(bo, "one");
    const two = await posts(bo, "two");
    for (const text of ["one", "two"]) await untilShown(ann, text);
    await ann.ask("feed:hide", { postId: one.post.id });
    expect(await feedOf(ann)).to.deep.equal(["two"]);
    await ann.ask("feed:mute", { postId: two.post.id });
    expect((await ann.ask("feed:open", {})).posts[0]).to.include({ muted: true });
    const forged = { postId: two.post.id, ownerKey: one.ownerKey };
    expect(await eve.refused("feed:delete", forged)).to.equal("gone");
    await bo.ask("feed:delete", { postId: two.post.id, ownerKey: two.ownerKey });
    expect((await ann.event("feed:withdrawn")).postId).to.equal(two.post.id);
    expect(await feedOf(ann)).to.deep.equal([]);
    expect(await ann.refused("feed:heart", { postId: two.post.id, on: true })).to.equal("gone");
    const report = { kind: "secret" as const, id: one.post.id };
    await ann.ask("safety:report", { id: writeId(), target: report, reason: "spam" });
  });

  it("[F7] what a reader hid comes back neither by the world nor live nor by a heart; muted stays marked", async () => {
    const { ann, bo, cy, dan, server } = await five({ WORLD_AT_CIRCLES: 2 });
    const tab = await Visitor.come(server.url, { token: ann.token });
    const hidden = await posts(bo, "hidden");
    const muted = await posts(bo, "muted");
    for (const who of [ann, cy, dan])
      for (const text of ["hidden", "muted"]) await untilShown(who, text);
    for (const who of [ann, cy, tab]) {
      await who.ask("feed:world", {});
      await who.ask("feed:open", {});
    }
    await ann.ask("feed:hide", { postId: hidden.post.id });
    await ann.ask("feed:mute", { postId: muted.post.id });
    expect((await tab.event("feed:withdrawn")).postId, "another window").to.equal(hidden.post.id);
    for (const who of [cy, dan])
      for (const { post } of [hidden, muted]) await who.ask("feed:share", { postId: post.id });
    await until(
      () => cy.events("feed:posted").filter(({ post }) => post.label === "world").length >= 2,
      "both to come to the world",
    );
    const isOf = (post: Secret) => post.label === "world" && post.text === "muted";
    await until(
      () => ann.events("feed:posted").some(({ post }) => isOf(post)),
      "the other to be told",
    );
    for (const who of [ann, tab]) {
      const told = who.events("feed:posted").filter(({ post }) => post.label === "world");
      expect(told.map(({ post }) => [post.text, post.muted])).to.deep.equal([["muted", true]]);
      const { posts: shown } = await who.ask("feed:world", {});
      expect(shown.map(({ text, muted }) => [text, muted])).to.deep.equal([["muted", true]]);
    }
    await dan.ask("feed:heart", { postId: hidden.post.id, on: true });
    await pause(700);
    expect(await feedOf(ann)).to.deep.equal(["muted"]);
  });

  it("[F6] who has the world open hears what comes there, and who has not hears nothing", async () => {
    const { ann, bo, cy, server } = await five({ WORLD_AT_CIRCLES: 1 });
    const [reader, other] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    await reader.ask("feed:world", {});
    const { post } = await posts(bo, "for all");
    await untilShown(ann, "for all");
    await ann.ask("feed:heart", { postId: post.id, on: true });
    const { post: told } = await reader.event("feed:posted");
    expect(told).to.include({ id: post.id, label: "world", age: "now", hearted: false });
    // And it hears what becomes of it.
    await cy.ask("feed:heart", { postId: post.id, on: true });
    expect((await reader.event("feed:changed")).postId).to.equal(post.id);
    await pause(700);
    expect(other.events("feed:posted")).to.deep.equal([]);
    expect(reader.events("feed:posted"), "once").to.have.length(1);
  });

  it("[F6] every window of a reader hears what arrives, whichever of them asks for the feed", async () => {
    const { ann, bo, server } = await five();
    const tab = await Visitor.come(server.url, { token: ann.token });
    for (const who of [ann, tab]) await who.ask("feed:open", {});
    const { post } = await posts(bo, "in both");
    // The one asks so often that it, and no tick, moves the secret into the feed.
    await until(async () => (await feedOf(ann)).length > 0, "it to be shown", 5000);
    expect((await tab.event("feed:posted")).post.id).to.equal(post.id);
    await pause(1200);
    expect(tab.events("feed:posted"), "once").to.have.length(1);
  });

  it("[F8] a poll travels with it, its result hidden under five votes", async () => {
    const { ann, bo, cy, dan, eve, server } = await five();
    const { post } = await posts(bo, "do you too?", { poll: true });
    await untilShown(ann, "do you too?");
    const six = [ann, bo, cy, dan, eve, await Visitor.come(server.url)];
    const vote = (who: Visitor, choice: "yes" | "no") =>
      who.ask("feed:vote", { postId: post.id, choice });
    for (const who of six.slice(0, 4))
      expect(await vote(who, "yes")).to.deep.equal({ poll: { hidden: true } });
    expect(await vote(ann, "no"), "once a person").to.deep.equal({ poll: { hidden: true } });
    expect(await vote(six[4]!, "no")).to.deep.equal({ poll: { yes: 3, no: 2 } });
    expect((await ann.ask("feed:open", {})).posts[0]).to.deep.include({
      poll: { yes: 3, no: 2 },
      voted: "no",
    });
    const plain = await posts(bo, "no poll");
    await untilShown(ann, "no poll");
    expect(await ann.refused("feed:vote", { postId: plain.post.id, choice: "yes" })).to.equal(
      "gone",
    );
  });

  it("[F9] what leads to a person is marked before it is posted; confirmed it goes", async () => {
    const { bo } = await five();
    const text = "call me: 138 0013 8000 or @bo_the_boat";
    const { ownerHash } = newOwner();
    const payload = { id: writeId(), text, ownerHash };
    const reply = await bo.send("feed:post", payload);
    expect(reply).to.have.nested.property("error.code", "confirmation_needed");
    const fields = reply.ok ? {} : reply.error.fields!;
    const marks = JSON.parse(fields["marks"]!) as { start: number; end: number; kind: string }[];
    expect(marks.map(({ start, end, kind }) => [text.slice(start, end), kind])).to.deep.equal([
      ["138 0013 8000", "phone"],
      ["@bo_the_boat", "handle"],
    ]);
    const { post } = await bo.ask("feed:post", { ...payload, confirmed: true });
    expect((await bo.ask("feed:post", { ...payload, confirmed: true })).post.id).to.equal(post.id);
  });

  it("[F9] a private person's name is asked about twice", async () => {
    const { bo } = await five();
    const payload = { id: writeId(), text: "我暗恋王思琪同学，@bo_the_boat", ...newOwner() };
    const { ownerKey: _key, ...write } = payload;
    const asked = async (more: object) => {
      const reply = await bo.send("feed:post", { ...write, ...more });
      expect(reply).to.have.nested.property("error.code", "confirmation_needed");
      const fields = reply.ok ? {} : reply.error.fields!;
      const marks = JSON.parse(fields["marks"]!) as { kind: string }[];
      return [marks.map(({ kind }) => kind), "names" in fields];
    };
    expect(await asked({})).to.deep.equal([["name", "handle"], false]);
    expect(await asked({ confirmedNames: true })).to.deep.equal([["name", "handle"], false]);
    expect(await asked({ confirmed: true })).to.deep.equal([["name"], true]);
    await bo.ask("feed:post", { ...write, confirmed: true, confirmedNames: true });
  });

  it("[F11] a one-off secret shares no value with anything of its author; a pseudonym shows itself", async () => {
    const { ann, bo } = await five();
    const { post, ownerKey } = await posts(bo, "who am I");
    await untilShown(ann, "who am I");
    const named = await posts(bo, "it is I", { identity: "pseudonym" });
    await untilShown(ann, "it is I");
    expect(post).to.not.have.property("persona");
    expect(named.post.persona).to.deep.equal(bo.ready.persona);
    const dump = await setup.dump();
    if (dump === null) return;
    const lines = dump.split("\n");
    const own = lines.filter((line) => line.includes(`{p:${post.id}}`));
    expect(own.length).to.be.greaterThan(0);
    // What is said of it, and only there.
    const values = new Set(own.join(" ").match(/[\w-]{20,}/g));
    values.delete(post.id);
    const elsewhere = lines.filter((line) => !line.includes(`{p:${post.id}}`));
    for (const value of values)
      expect(
        elsewhere.filter((line) => line.includes(value)),
        value,
      ).to.deep.equal([]);
    // Its id lies in feeds, its author's among them, and nowhere else.
    for (const line of elsewhere.filter((one) => one.includes(post.id)))
      expect(line).to.match(/^\["driftsea:\{c:[\w-]{43}\}:(feed|due|arrived|blocks)"/);
    expect(dump).to.not.include(bo.token);
    expect(dump).to.not.include(ownerKey);
  });

  it("[B2] [F11] twenty secrets a day, and what counts them leads to none of them", async () => {
    const { bo } = await five({ RATE_LIMITS: "on" });
    const { ownerHash } = newOwner();
    const writes = Array.from({ length: 20 }, () => ({ id: writeId(), text: "x", ownerHash }));
    const ids: string[] = [];
    for (const write of writes) ids.push((await bo.ask("feed:post", write)).post.id);
    const reply = await bo.send("feed:post", { id: writeId(), text: "x", ownerHash });
    expect(reply).to.have.nested.property("error.code", "quota_exceeded");
    expect(reply.ok ? 0 : reply.error.retryAfterMs).to.be.within(86_400_000 - 60_000, 90_000_000);
    expect((await bo.ask("feed:post", writes[0]!)).post.id, "again").to.equal(ids[0]);
    const dump = await setup.dump();
    if (dump === null) return;
    const lines = dump.split("\n");
    expect(lines.filter((line) => line.includes(":quota:secrets"))).to.have.length(1);
    for (const { id } of writes) expect(dump).to.not.include(id);
    for (const line of lines.filter((one) => one.includes(":quota:")))
      for (const id of ids) expect(line).to.not.include(id);
  });

  it("[F15] it is released at a random time; until then its author alone finds it", async () => {
    const { ann, bo } = await five({ RELEASE_DELAY_MAX_MS: 86_400_000 });
    await ann.ask("feed:open", {});
    const { post, ownerKey } = await posts(bo, "later");
    await pause(1200);
    expect(await feedOf(ann)).to.deep.equal([]);
    expect(await ann.refused("feed:heart", { postId: post.id, on: true })).to.equal("gone");
    await until(
      async () => (await bo.send("feed:own", { postId: post.id, ownerKey })).ok,
      "the secret to be made",
    );
    const own = await bo.ask("feed:own", { postId: post.id, ownerKey });
    expect(own.post.text).to.equal("later");
  });

  it("[F15] [F6] before its release answers and photo are there for its author alone", async () => {
    const { ann, bo, server } = await five({ RELEASE_DELAY_MAX_MS: 86_400_000 });
    const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100)]);
    const { post, ownerKey } = await posts(bo, "later", { photo, comments: "anyone" });
    const { id: postId } = post;
    const { comment } = await bo.ask("feed:comment", {
      id: writeId(),
      postId,
      text: "before",
      ownerKey,
    });
    const never = writeId();
    const asked = await ann.send("feed:comments", { postId });
    const refusedOf = async (id: string) => ann.send("feed:comments", { postId: id as never });
    expect(asked).to.deep.equal(await refusedOf(never));
    expect(await bo.refused("feed:comments", { postId }), "without his key").to.equal("gone");
    const forged = { postId, ownerKey: newOwner().ownerKey };
    expect(await ann.refused("feed:comments", forged)).to.equal("gone");
    const { comments } = await bo.ask("feed:comments", { postId, ownerKey });
    expect(comments).to.deep.equal([comment]);
    const pictures = [post.photo!.url, `/media/${never}/${never}`];
    const answers = await Promise.all(pictures.map((url) => fetch(`${server.url}${url}`)));
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 404]);
    const target = { kind: "comment" as const, id: postId, seq: 1 };
    expect(await ann.refused("safety:report", { id: writeId(), target, reason: "x" })).to.equal(
      "gone",
    );
  });

  it("[M9] one write that comes twice at once is one secret, and both replies are alike", async () => {
    const { ann, bo } = await five({ RELEASE_DELAY_MAX_MS: 300 });
    for (let round = 0; round < 5; round += 1) {
      const { ownerHash } = newOwner();
      const payload = { id: writeId(), ownerHash };
      const texts = [`a${round}`, `b${round}`, `c${round}`];
      const replies = await Promise.all(
        texts.map((text) => bo.ask("feed:post", { ...payload, text })),
      );
      for (const { post } of replies) expect(post).to.deep.equal(replies[0]!.post);
      await untilShown(ann, replies[0]!.post.text);
    }
    await pause(700);
    expect(await feedOf(ann)).to.have.length(5);
  });

  it("[F16] whoever holds the key is the author, on any connection; nobody else is", async () => {
    const { ann, bo, cy } = await five();
    const { post, ownerKey } = await posts(bo, "mine");
    await untilShown(ann, "mine");
    // But for the beat of the process, which says nothing of anybody.
    const held = async (): Promise<string[] | undefined> =>
      (await setup.dump())?.split("\n").filter((line) => !line.includes(`"driftsea:nodes"`));
    const before = await held();
    // Unlinking is forgetting the key: the server hears nothing of it.
    expect(await held()).to.deep.equal(before);
    expect((await cy.ask("feed:own", { postId: post.id, ownerKey })).post.text).to.equal("mine");
    const other = newOwner().ownerKey;
    expect(await bo.refused("feed:own", { postId: post.id, ownerKey: other })).to.equal("gone");
  });

  it("[F17] the writer is told how many could have written it", async () => {
    const { bo } = await five();
    expect((await bo.ask("circle:status", {})).couldWrite).to.equal("few");
  });

  it("[R12] a photo lives and dies with its secret", async () => {
    const { bo, ann, server } = await five();
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100)]);
    const bad = { id: writeId(), text: "x", ...newOwner(), photo: Buffer.from("GIF89a") };
    const { ownerKey: _key, ...payload } = bad;
    expect(await bo.refused("feed:post", payload)).to.equal("invalid");
    const { post, ownerKey } = await posts(bo, "look", { photo: jpeg });
    await untilShown(ann, "look");
    const url = `${server.url}${post.photo!.url}`;
    expect((await fetch(url)).headers.get("content-type")).to.equal("image/jpeg");
    await bo.ask("feed:delete", { postId: post.id, ownerKey });
    expect((await fetch(url)).status).to.equal(404);
  });

  it("[F11] who is forgotten leaves his circle at once; what he wrote is nobody's", async () => {
    const { ann, bo } = await five();
    await posts(bo, "still here");
    await untilShown(ann, "still here");
    const { code } = await bo.ask("circle:invite", {});
    await bo.ask("session:forget", {});
    expect((await ann.ask("circle:status", {})).friends).to.equal(1);
    expect(await ann.refused("circle:accept", { code }), "a link of nobody").to.equal("gone");
  });
});
