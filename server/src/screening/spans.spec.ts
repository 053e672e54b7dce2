import { expect } from "chai";
import { cleanText } from "@driftsea/protocol";
import { marksInSent } from "./spans.ts";

describe("where a mark stands in what was sent", () => {
  for (const sent of [
    "call 13800138000",
    "  call 13800138000 ",
    "call\u200b 13\u200b800\u202e1380\u200d00",
    "line one\r\nline two\tcall 13800138000\u2028",
    "\u{1f469}\u200d\u{1f467} call 13800138000",
  ])
    it(`[M12] ${JSON.stringify(sent)}`, () => {
      const clean = cleanText(sent);
      const start = clean.indexOf("1380");
      const end = start + "13800138000".length;
      const [mark] = marksInSent(sent, [{ start, end, kind: "phone" }]);
      expect(cleanText(sent.slice(mark!.start, mark!.end))).to.equal("13800138000");
      expect(sent[mark!.start]).to.equal("1");
      expect(sent[mark!.end - 1]).to.equal("0");
    });
});
