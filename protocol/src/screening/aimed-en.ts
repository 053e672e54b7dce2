import type { MarkKind } from "./types.ts";

type EnRule = readonly [MarkKind, expression: string];

/** Parts of the rules, by their names in braces. */
export const EN = {
  how: "a|an|such|so|just|really|very|fucking|fuckin|fckin|bloody|absolute|total|complete|utter|proper|stupid|dumb|thick|ugly|fat|little|dirty|big|lazy|pathetic|worthless|useless|brain ?dead|disgusting|filthy|crazy|lying|sick|nasty|cheap|miserable|smelly|ignorant|arrogant|spineless|vile|evil|selfish|hideous|damn|goddamn|nothing but|piece of|bunch of|pile of|old|sad",
  grave:
    "bitch(?:es)?|whores?|sluts?|slags?|cunts?|twats?|bastards?|scum|skanks?|bints?|wankers?|tossers?|pricks?|dickheads?|morons?|imbeciles?|cretins?",
  mild: "idiots?|losers?|cows?|pigs?|freaks?|creeps?|clowns?|hag|trash|garbage|rats?|virgins?|fatty|fatso|pervert|perv|weirdo|psycho|failure|disgrace|coward|joke|donkey|monkey|parasite|waste of (?:space|air|oxygen)|human being|embarrassment|vermin|maggots?|worms?|mongs?|arse(?!nal)",
  you: "you|u|ya|y['’]?all|ur|you['’]?re|you are|u r|youse|your an?|your just|your nothing but",
  i: "i['’]?ll|i will|i['’]?m (?:gonna|going to|about to)|i am (?:gonna|going to|about to)|i (?:want to|wanna|should|could)|i['’]?d (?:love|like) to|gonna|going to|imma|ima|we['’]?ll|we will|we['’]?re (?:gonna|going to)|we are (?:gonna|going to)|someone should|somebody should|let['’]?s|let me",
  well: "(?:really|just|fucking|personally|seriously|literally|so|actually)\\s",
  body: "teeth|face|head|skull|neck|legs?|arms?|fingers|jaw|nose|ribs|throat|tongue|knees|kneecaps|eyes|ass|arse|balls|guts|brains",
  hurt: "murder|stab|strangle|knife|batter|behead|slaughter|rape|lynch|bottle|gut|kidnap|torture",
  that: "(?:this|that|these|those) (?:fucking )?(?:bitch\\w{0,12}|guys?|girls?|man|woman|men|women|bastards?|sluts?|whores?|cunts?|kids?|family|teacher|prof\\w{0,12}|dick\\w{0,12}|people|freaks?|lot|boy|person)",
  groups:
    "women|muslims|jews|gays|gay people|trans people|trannies|black people|blacks|immigrants|refugees|foreigners|asians|arabs|gypsies|indians|disabled people",
  people:
    "girl|guy|boy|man|woman|women|men|girls|guys|someone|somebody|anyone|lady|ladies|milfs?|people|couple",
  beasts:
    "whale|peasants?|apes?|monkeys?|troll|gorillas?|elephant|hog|lump|slob|swine|scum|trash|toad|animals?",
  break: "knock|smash|kick|break|punch|bash|cave|rip|cut|slit|slice|snap|crack|blow|chop|crush",
  publish: "(?:send|post|leak|share|show|upload)(?:ing)?",
  secrets: "pics?|photos?|nudes|videos?|screenshots|chats",
  orElse: "unless|or else|if you don['’]?t|pay",
  part: "tits|boobs|pussy|cock|dick|ass|bum|nipples|clit|panties|bra|body|nudes",
};

const { raw } = String;
/** What is aimed at somebody in English. */
export const EN_RULES: readonly EnRule[] = [
  ["slur", raw`\b{you}(?:\s(?:are|all|guys|{how})){0,5}\s(?:{grave}|{mild})\b(?!['’])`],
  ["slur", raw`\bwhat an?\s(?:{how}\s){0,3}{grave}\b(?!\s(?:i|of a)\b)`],
  ["slur", raw`\b(?:your|ur|his|her|that)\s\w{2,12}(?:\sis|['’]s) (?:{how}\s){1,3}{grave}\b`],
  [
    "slur",
    raw`\b(?:stupid|dumb|ugly|fat|dirty|pathetic|filthy|fucking|bloody|worthless) (?:little )?(?:{grave}|virgins?|fatty)\b`,
  ],
  ["slur", raw`^\W{0,6}(?:{how}\s){0,3}{grave}\W{0,6}$`],
  [
    "slur",
    raw`\b(?:shut (?:up|your (?:face|mouth|trap))|piss off|go away|get lost|sod off)\b[\s,]{1,3}(?:you\s)?(?:{how}\s){0,3}(?:{grave}|{mild})\b`,
  ],
  [
    "slur",
    raw`\b(?:nobody|no ?one) (?:will|would|could) (?:ever )?(?:love|want|like|miss|date) you\b`,
  ],
  ["slur", raw`\byou deserve (?:cancer|aids|nothing|to (?:suffer|rot|be alone|burn))\b`],
  ["slur", raw`\b(?:everyone|everybody|we all|i) wish(?:es)? you were (?:dead|gone|never born)\b`],
  [
    "slur",
    raw`\byou (?:look|smell|sound|are) like (?:an? |absolute )?(?:shit|crap|garbage|trash|pig|whore|slut|slag|ape|monkey|hooker|tramp)\b`,
  ],
  [
    "slur",
    raw`\b(?:stupid|dirty|filthy|bloody|fucking|illegal|disgusting|vile) {groups}\b|\b{groups} (?:make|makes) me (?:sick|puke|vomit)\b|\b{groups} disgust\b`,
  ],
  ["slur", raw`\bnever be a (?:real|true) (?:woman|man)\b`],
  ["slur", raw`\byour kids? (?:is|are) (?:a |an )?(?:retards?|ugly|freaks?)\b`],
  [
    "slur",
    raw`\b(?:the|such an?) (?:ugliest|dumbest|stupidest|fattest|thickest|most (?:pathetic|disgusting|stupid)) (?:person|human|thing|girl|guy|bitch|creature)\b`,
  ],
  ["slur", raw`\b(?:fat|ugly|stupid|ignorant|filthy|dumb|vile|pathetic|hairy) {beasts}\b`],
  ["slur", raw`\byou(?:['’]?re| are) a stain\b`],
  [
    "slur",
    raw`\bhope (?:you|u) (?:\w{1,16} (?:and )?){0,2}(?:rot|die|fail|burn|suffer|choke|drown)\b`,
  ],
  ["slur", raw`\bgo back to (?:the|your) (?:zoo|jungle|trees|kitchen|cave|swamp)\b`],

  [
    "threat",
    raw`\b{i}\s{well}?{hurt}\s(?:you|u|your|ur|her|him|them|every\w{0,12}|all of you|{that})\b`,
  ],
  [
    "threat",
    raw`\b(?:i['’]?ll|i will|i['’]?m (?:gonna|going to)|i am going to|gonna|imma|i want to)\s{well}?(?:kill|shoot|drown|poison|choke)\s(?:you|u|her|him|every(?:one|body)|all of you|{that})\b(?!\s(?:a|an|the|time|game)\b)`,
  ],
  [
    "threat",
    raw`\b{i}\s{well}?{break}\s(?:you|your|ur|u|his|her)\s(?:fucking\s|in the\s)?{body}\b`,
  ],
  [
    "threat",
    raw`\b(?:put|putting|send) you in (?:a |the )?(?:hospital|ground|coffin|grave|wheelchair|morgue|body bag)\b`,
  ],
  ["threat", raw`\b(?:i['’]ll|ill) cut (?:you|u)\b(?! a| some| off)`],
  ["threat", raw`\bburn down (?:your|ur|her|his|their)\b`],
  ["threat", raw`\b(?:outside|watching|burn|torch) your (?:house|door|flat|window|car)\b`],
  ["threat", raw`\b(?:find|found) out where (?:you|u) live`],
  ["threat", raw`\bcome (?:round )?to your (?:house|door|flat) and\b`],
  [
    "threat",
    raw`\b(?:you['’]?re|you are|ur|u r) (?:so )?dead (?:when|if|next time|after|tomorrow)\b`,
  ],
  [
    "threat",
    raw`\b{publish}\s(?:these|the|those|your|ur)\s{secrets}\b[^.!?\n]{0,40}\b{orElse}\b|\b{orElse}\b[^.!?\n]{0,40}\b{publish}\s(?:these|the|those|your|ur)\s{secrets}\b`,
  ],
  ["threat", raw`\bgo\s(?:\w{1,16}\s){0,4}and die\b`],
  [
    "threat",
    raw`\b(?:gonna|going to|about to) get (?:beaten|jumped|stabbed|shot|hurt|battered|raped|killed|what['’]?s coming)\b`,
  ],
  ["threat", raw`\b{i}\s{well}?(?:find|get|hunt) you (?:and|down)\b`],
  [
    "threat",
    raw`\b{i}\s{well}?make (?:you|u|her|him) (?:regret|pay|suffer|bleed|beg|sorry|scream)\b`,
  ],
  [
    "threat",
    raw`\b(?:set|setting) (?:your|ur|his|her) (?:car|house|room|flat|hair|place) on fire\b`,
  ],
  [
    "threat",
    raw`\b(?:i have|i['’]?ve got|i got) a (?:knife|gun|blade|machete)(?:,| and| for| with your)|\b(?:bringing|bring) (?:a|my) (?:knife|gun|blade|machete|shotgun)\b`,
  ],
  ["threat", raw`\bwill be blood (?:at|in|on)\b`],
  [
    "threat",
    raw`\b(?:you|u) (?:won['’]?t|will not) (?:see|make it to|live to|survive|wake up) (?:see )?(?:the night|tomorrow|monday|next week|tonight|another day|it)\b`,
  ],
  ["threat", raw`\bor everyone (?:sees|gets|will see) your\b`],
  [
    "threat",
    raw`\b(?:tell|show) every(?:one|body)\b[^.!?\n]{0,30}\b(?:if you don['’]?t|unless|pay)\b`,
  ],
  [
    "threat",
    raw`\b(?:i|we) know (?:which|what) (?:room|house|flat|car|class|bus|street) (?:you|u|is yours)`,
  ],
  [
    "threat",
    raw`\b(?:your|ur) (?:house|family|car|mum|mom|kids|flat|dog) (?:will|is (?:gonna|going to)) (?:burn|die|pay|suffer|bleed)\b`,
  ],
  [
    "threat",
    raw`\b(?:get|send|have|got) my (?:brothers?|mates?|cousins?|boys|friends|lads|dad) (?:to )?(?:jump|beat|sort|hurt|kill|batter|do) (?:you|u)\b`,
  ],
  ["threat", raw`\byou(?:['’]?d)? better (?:run|hide)\b(?! (?:it|a|the|this))`],

  ["sexual", raw`\b(?:wants?|wanna|up|down) (?:to )?sext\b`],
  ["sexual", raw`\bsend (?:me )?(?:a |some )?nudes?\b|\bnudes(?: for|\s?\?)`],
  [
    "sexual",
    raw`\b(?:looking for|want|need|seeking|any|find)\s(?:an?\s)?(?:\w{2,12}\s)?{people}\s(?:\w{2,8}\s){0,2}(?:to|for)\s(?:fuck|sex|have sex|suck|shag|bang|sexting|sext|hook ?up|fun tonight|naughty|dirty)\b`,
  ],
  [
    "sexual",
    raw`\b(?:let me|wanna|want to|i['’]?d|i could|i['’]?ll|i will|gonna|can i)\s{well}?(?:lick|fuck|spank|finger|shag|undress|suck|bone|rail|ravish)\s(?:you|u|your|ur)\b`,
  ],
  ["sexual", raw`\bmake (?:you|u) (?:moan|cum|wet|scream my|squirt)\b`],
  ["sexual", raw`\b(?:watch|see|make|help) me (?:cum|wank|strip|masturbate|jerk)\b`],
  [
    "sexual",
    raw`\b(?:see|show|send|touch|suck|grab|lick|rate|flash|squeeze|kiss)\s(?:me\s)?(?:a\s)?(?:pics?\sof\s)?(?:your|ur)\s(?:\w{2,10}\s)?{part}\b`,
  ],
  [
    "sexual",
    raw`\b(?:anyone|who['’]?s|who is) (?:into|up for|down for|wants?) (?:bdsm|kink|anal|sex|a shag|sexting|dirty talk|nudes|cam|threesomes?|feet)\b`,
  ],
  [
    "sexual",
    raw`\bany (?:milfs?|sluts?|horny \w{1,16}|naughty \w{1,16})\s(?:here|around|near|on|up|in|about)\b`,
  ],
  ["sexual", raw`\b(?:fun|action|play) in bed\b`],
  ["sexual", raw`\btell me your (?:kinks?|fantas(?:y|ies)|fetish(?:es)?|bra size)\b`],
  ["sexual", raw`\bsend (?:me )?(?:some )?(?:tits|boobs|pussy|nudes|noods|lewds)\b`],
  ["sexual", raw`\bare you (?:still )?a virgin\b`],
  ["sexual", raw`\bwhat (?:are|r) (?:you|u) wearing (?:in bed|under|to bed|rn|right now)\b`],
  ["sexual", raw`\b(?:show|open) (?:me )?your legs\b`],
  [
    "sexual",
    raw`\bi(?:['’]?m| am) (?:so )?(?:hard|wet|horny|naked) (?:rn|right now|for|thinking|in bed|atm)\b`,
  ],
  ["sexual", raw`\bto sleep with (?:tonight|me|in|now)\b`],
  ["sexual", raw`\bfavou?rite (?:sex )?position (?:in bed|baby)|\bsex position\b`],
  ["sexual", raw`\btouch (?:you|u) (?:there|down|all over)\b`],
  ["sexual", raw`\b(?:wank|fuck|shag|sex|jerk|cum) (?:buddy|mate|partner|pal|friend)\b`],
  [
    "sexual",
    raw`\b(?:hot|naughty|horny|sexy|slutty) (?:girls?|babes?|singles|students?|teens?|moms?|mums?) (?:on|in your|near|waiting|live|want)\b`,
  ],
  ["sexual", raw`\b(?:pay|paying|cash) for (?:vids|pics|photos|feet|socks|nudes)\b`],
  ["sexual", raw`\bpics? of (?:your |ur )?feet\b`],
  ["sexual", raw`\b(?:selling|sell|buy my) (?:vids|pics|nudes|content|panties|socks)\b`],

  ["spam", raw`\bwork from home\b[^.!?\n]{0,14}(?:\bearn\b|\bmake\b|[$€£]\d)`],
  [
    "spam",
    raw`\b(?:win|get|claim) (?:a|an|your|ur) free (?:iphone|ipad|macbook|laptop|gift|voucher|phone|ps5|holiday|car)\b`,
  ],
  ["spam", raw`\bget paid to\b`],
  ["spam", raw`\bmake [$€£]?\d[\d,]{2,7}k? (?:a|per) (?:day|week|month)\b`],
  ["spam", raw`\bessays? written\b`],
  ["spam", raw`\bcash for your (?:bank|account|card)\b`],
  ["spam", raw`\b(?:dm|call|text|message|msg) (?:me )?for (?:menu|rates|prices?)\b`],
  ["spam", raw`\binvest [$€£]?\d[\d,]{0,9}k?\s(?:and\s)?(?:get|make|receive|earn|today)\b`],
  ["spam", raw`\bhire us to\b`],
  [
    "spam",
    raw`\b(?:i|we)(?:['’]ll| can| will)? (?:do|take|sit|write|handle) (?:your |all )?(?:exams?|essays?|assignments?|dissertations?|coursework|quizzes)\s(?:for (?:you|students|others)|cheap)`,
  ],
  ["spam", raw`\b\d{1,4}x (?:returns?|profits?|gains|your money)\b`],
  [
    "spam",
    raw`\b(?:need|looking for|want|hiring) (?:girls?|guys?|models?|females?|ladies|people|students?)\s(?:for|to do)\s(?:webcam|cam|onlyfans|content|modelling|massage|escort\w{0,12}|adult|packing|surveys)\b`,
  ],
  [
    "spam",
    raw`\b(?:check out|follow|subscribe to) my (?:onlyfans|of|channel|mixtape|soundcloud|store|page)\b`,
  ],
  ["spam", raw`\buse (?:my )?code \w{3,12} (?:for|to get|at)\b`],
  ["spam", raw`\b\d{2}% off (?:everything|today|now|all|with)\b`],
  [
    "spam",
    raw`\b(?:assignment|essay|dissertation|thesis|coursework|homework) (?:writers?|service|help|experts?|done|writing)\b[^.!?\n]{0,30}\b(?:cheap|fast|guaranteed|dm|best|price|whatsapp|now)\b`,
  ],
  ["spam", raw`\bfollowers\b[^.!?\n]{0,20}(?:for sale|quid|£|\$|cheap)`],
  ["spam", raw`\bget rich\b[^.!?\n]{0,20}\b(?:trading|forex|crypto|bitcoin|quick|fast|now|with)\b`],
  [
    "spam",
    raw`\b(?:forex|crypto|bitcoin)\b[^.!?\n]{0,25}\b(?:message me|dm|join|guaranteed|profits?|returns)\b`,
  ],
  ["spam", raw`\bloans?\b[^.!?\n]{0,20}\b(?:bad credit|instant|no credit|approved|no checks?)\b`],
];
/** Pictures, and what is drawn with signs. */
export const SIGN_RULES: readonly (readonly [MarkKind, RegExp])[] = [
  [
    "threat",
    /(?:🔫|🔪|🗡|💣|🪓)[^\n]{0,12}\b(?:you|u|your|ur|next)\b|\b(?:you|u|your|ur|next)\b[^.!?\n]{0,16}(?:🔫|🔪|🗡|🪓)/g,
  ],
  [
    "drugs",
    /(?:🔌|🍃|🍁|🌿|❄️|💊|🍄|⛽|🥦)[^\n]{0,40}\b(?:hmu|menu|dm|hit me up|deals|bulk|drops?|delivery|plug|for sale|text me|available|in stock|discount)\b|\b(?:need|want|got|serving|looking for)\b[^\n]{0,12}🔌/g,
  ],
  [
    "sexual",
    /(?:🍆|🌽|🍌|🌭)[^\n]{0,30}(?:🍑|💦|👅|🌮|🐱|😏|😈|🥵|👄|🍩)|(?:🍑|🌮|🐱|👅|👄)[^\n]{0,20}(?:🍆|💦)|\b(?:my|ur|your|suck|sucking|ride|lick|big|fat|hard) (?:big |fat |hard |juicy |wet |tight )?(?:🍆|🍑|🌽|💦|🐱|🍒)[^\n]{0,14}(?:hard|wet|so bad|tonight|rn|inside|throbbing|dripping|pls|please|😏|😈|🥵|👅|💦)|8={2,12}d|\(_\)_\)|\(_\|_\)|\(\s?\.\s?\)\s?\(\s?\.\s?\)|\(o\)\(o\)/g,
  ],
];
