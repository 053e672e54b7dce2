import type { Allowance } from "../src/terms.ts";

/** What the page says of its own, beside what stands in the protocol: first English, then Chinese. */
type Words = readonly [en: string, zh: string];

/** Groups of commands and events, by the first word of their names. */
export const TITLES: Record<string, Words> = {
  session: ["Sessions", "会话"],
  item: ["What is hidden", "被藏起来的"],
  bottle: ["Bottles", "瓶子"],
  push: ["Notes while away", "不在时的提醒"],
  sea: ["Seas", "海域"],
  thread: ["Threads", "两个人的信"],
  room: ["Rooms", "房间"],
  hole: ["The old tree", "老树"],
  meet: ["Meetings", "双灯"],
  circle: ["Circles", "圈子"],
  feed: ["Secrets", "秘密"],
  ask: ["Ask boxes", "提问箱"],
  place: ["Places", "地方"],
  safety: ["Safety", "安全"],
};

/** What one may do only so often, by its name in the terms. */
export const ALLOWANCES: Record<Allowance, Words> = {
  throws: ["throws", "扔瓶子"],
  catches: ["catches", "捞瓶子"],
  rooms: ["rooms", "开房间"],
  questions: ["questions", "提问"],
  boxes: ["boxes", "放提问箱"],
  secrets: ["secrets", "放秘密"],
  comments: ["comments", "回秘密"],
  hearts: ["hearts", "给心"],
  invites: ["invites", "邀请"],
};

/** How one speaks at all, as the document's description says it in English: one paragraph for each of its. */
export const INTRODUCTION_ZH = [
  "只用 WebSocket 上的 Socket.IO v5：命名空间 `/`，路径 `/socket.io/`。",
  "连接从 `connect` 开始，它是 Socket.IO 的 CONNECT 包里的 `auth`；答复是 `session:ready`，被拒绝时是 `connect_error`。",
  '命令是 `emit(name, payload, ack)`：一个对象，加一个接答复的函数，答复是 `{ "ok": true, "data": … }` 或 `{ "ok": false, "error": … }`。没有这个函数，命令就不理会。',
  "写入的命令带一个 21 个字符的 `id`，由客户端自己生成：24 小时里，同一个 id 就是同一次写入，答复也一样。",
  "命令的内容只能有这里写的成员。答复和事件在同一版本里可能多出新的成员：不认识的，放着不管。时刻是服务器时钟从 1970 年起的毫秒数，名字以 `At` 结尾；时长的名字以 `Ms` 结尾。",
];
