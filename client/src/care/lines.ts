import type { HelpLine } from "@driftsea/protocol";

/**
 * Whom somebody in need can reach, where the operator has no list of his own (`HELP_LINES`). Lines
 * for everybody in a country, by the names that they give themselves.
 */
export const LINES: readonly HelpLine[] = [
  { country: "AU", name: { en: "Lifeline", zh: "Lifeline 生命热线" }, reach: "13 11 14" },
  {
    country: "CA",
    name: { en: "9-8-8 Suicide Crisis Helpline", zh: "9-8-8 自杀危机热线" },
    reach: "988",
  },
  {
    country: "CN",
    name: { en: "National psychological aid line", zh: "全国统一心理援助热线" },
    reach: "12356",
  },
  {
    country: "CN",
    name: { en: "Beijing crisis line", zh: "北京心理危机干预热线" },
    reach: "010-82951332",
  },
  {
    country: "DE",
    name: { en: "TelefonSeelsorge", zh: "TelefonSeelsorge" },
    reach: "0800 111 0 111",
  },
  {
    country: "FR",
    name: { en: "3114, suicide prevention", zh: "3114 自杀预防热线" },
    reach: "3114",
  },
  { country: "GB", name: { en: "Samaritans", zh: "Samaritans 撒玛利亚会" }, reach: "116 123" },
  {
    country: "HK",
    name: { en: "The Samaritans Hong Kong", zh: "香港撒玛利亚会" },
    reach: "2896 0000",
  },
  { country: "IE", name: { en: "Samaritans", zh: "Samaritans 撒玛利亚会" }, reach: "116 123" },
  { country: "IN", name: { en: "Tele-MANAS", zh: "Tele-MANAS" }, reach: "14416" },
  {
    country: "JP",
    name: { en: "Inochi no Denwa", zh: "生命电话（いのちの電話）" },
    reach: "0120-783-556",
  },
  { country: "KR", name: { en: "Suicide prevention line", zh: "自杀预防热线" }, reach: "109" },
  { country: "NZ", name: { en: "1737, need to talk?", zh: "1737 想聊聊吗" }, reach: "1737" },
  { country: "SG", name: { en: "Samaritans of Singapore", zh: "新加坡援人协会" }, reach: "1767" },
  { country: "TW", name: { en: "1925 line", zh: "1925 安心专线" }, reach: "1925" },
  {
    country: "US",
    name: { en: "988 Suicide & Crisis Lifeline", zh: "988 自杀与危机热线" },
    reach: "988",
  },
];

/** For whoever is elsewhere: a list of lines, to be looked up. Only ever text on this page. */
export const ELSEWHERE: HelpLine = {
  country: "*",
  name: { en: "Lines of other countries", zh: "其他国家和地区的热线" },
  reach: "findahelpline.com",
};
