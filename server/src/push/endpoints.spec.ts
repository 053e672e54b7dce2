import { expect } from "chai";
import { PUSH_HOSTS, isAllowed } from "./endpoints.ts";

describe("addresses to push to", () => {
  for (const endpoint of [
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/abc",
    "https://db5p.notify.windows.com/w/?token=abc",
  ])
    it(`are those of browsers' makers: ${new URL(endpoint).host}`, () => {
      expect(isAllowed(endpoint, PUSH_HOSTS)).to.equal(true);
    });

  for (const endpoint of [
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:8443/fcm/send/abc",
    "https://fcm.googleapis.com@127.0.0.1/",
    "https://me:secret@fcm.googleapis.com/",
    "https://fcm.googleapis.com.example/",
    "https://evilpush.apple.com.example/",
    "https://notify.windows.com.evil.example/",
    "https://evilnotify.windows.com/",
    "https://push.apple.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
    "https://localhost/",
    "file:///etc/passwd",
    "unix:/run/redis.sock",
    "",
  ])
    it(`[M8] are no others: ${endpoint}`, () => {
      expect(isAllowed(endpoint, PUSH_HOSTS)).to.equal(false);
    });

  it("one that the operator has written out is taken with its port, and no other port of it", () => {
    const hosts = ["http://127.0.0.1:8000"];
    expect(isAllowed("http://127.0.0.1:8000/a", hosts)).to.equal(true);
    expect(isAllowed("http://127.0.0.1:6379/a", hosts)).to.equal(false);
    expect(isAllowed("https://127.0.0.1:8000/a", hosts)).to.equal(false);
  });
});
