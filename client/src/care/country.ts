/** Whoever is in none of the countries that are known. */
export const ELSEWHERE_CODE = "*";

/** Where a clock says that one is, for countries that have a clock of their own. */
const BY_ZONE: Readonly<Record<string, string>> = {
  "Asia/Shanghai": "CN",
  "Asia/Urumqi": "CN",
  "Asia/Hong_Kong": "HK",
  "Asia/Taipei": "TW",
  "Asia/Singapore": "SG",
  "Asia/Tokyo": "JP",
  "Asia/Seoul": "KR",
  "Asia/Kolkata": "IN",
  "Asia/Calcutta": "IN",
  "Europe/London": "GB",
  "Europe/Belfast": "GB",
  "Europe/Dublin": "IE",
  "Europe/Berlin": "DE",
  "Europe/Busingen": "DE",
  "Europe/Paris": "FR",
  "Pacific/Auckland": "NZ",
  "Pacific/Chatham": "NZ",
  "Pacific/Honolulu": "US",
};
const OF_US =
  /^America\/(New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Sitka|Nome|Adak|Yakutat|Metlakatla|Menominee|Indianapolis|Louisville|Indiana\/\w+|Kentucky\/\w+|North_Dakota\/\w+)$/;
const OF_CA =
  /^America\/(Toronto|Montreal|Vancouver|Edmonton|Calgary|Winnipeg|Regina|Swift_Current|Halifax|Glace_Bay|Moncton|Goose_Bay|St_Johns|Iqaluit|Whitehorse|Dawson|Dawson_Creek|Fort_Nelson|Yellowknife|Inuvik|Rankin_Inlet|Resolute|Cambridge_Bay|Thunder_Bay|Nipigon|Rainy_River|Atikokan|Blanc-Sablon|Creston)$/;

/** A clock that is of nowhere. */
const isNowhere = (zone: string): boolean => zone === "" || /^(UTC|GMT|Etc\/)/.test(zone);

/**
 * A guess at where somebody is, from what his browser says by itself: first its clock; its language
 * only where the clock is of nowhere, since English and Chinese are read everywhere.
 */
export function guessCountry(zone: string, languages: readonly string[]): string {
  const byZone = BY_ZONE[zone];
  if (byZone !== undefined) return byZone;
  if (zone.startsWith("Australia/")) return "AU";
  if (OF_US.test(zone)) return "US";
  if (OF_CA.test(zone)) return "CA";
  if (!isNowhere(zone)) return ELSEWHERE_CODE;
  const region = /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b/i.exec(languages[0] ?? "")?.[1];
  return region?.toUpperCase() ?? ELSEWHERE_CODE;
}
