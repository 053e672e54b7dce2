import type { MarkKind } from "./types.ts";

/** Kind, words of which one stands in all that is found, and what is found. */
type EnRule = readonly [MarkKind, words: string, expression: string];

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
  that: "(?:this|that|these|those) (?:fucking )?(?:bitch\\w*|guys?|girls?|man|woman|men|women|bastards?|sluts?|whores?|cunts?|kids?|family|teacher|prof\\w*|dick\\w*|people|freaks?|lot|boy|person)",
  groups:
    "women|muslims|jews|gays|gay people|trans people|trannies|black people|blacks|immigrants|refugees|foreigners|asians|arabs|gypsies|indians|disabled people|lesbians|homosexuals|pakistanis|africans|mexicans|romanians|turks|albanians|migrants|nigerians|somalis",
  people:
    "girl|guy|boy|man|woman|women|men|girls|guys|someone|somebody|anyone|lady|ladies|milfs?|people|couple",
  beasts:
    "whale|peasants?|apes?|monkeys?|troll|gorillas?|elephant|hog|lump|slob|swine|scum|trash|toad|animals?",
  break: "knock|smash|kick|break|punch|bash|cave|rip|cut|slit|slice|snap|crack|blow|chop|crush",
  publish: "(?:send|post|leak|share|show|upload)(?:ing)?",
  secrets: "pics?|photos?|nudes|videos?|screenshots|chats",
  orElse: "unless|or else|if you don['’]?t|pay",
  part: "tits|boobs|pussy|cock|dick|ass|bum|nipples|clit|panties|bra|body|nudes",
  low: "idiot|imbecile|moron|retard|loser|clown|joke|disgrace|failure|parasite|leech|weirdo|creep|freak|psycho|psychopath|sociopath|narcissist|snake|rat|pig|cow|donkey|snowflake|coward|wimp|sissy|wuss|liar|fraud|fake|phony|hypocrite|nobody|embarrassment|mistake|abomination|virgin|incel|neckbeard|troll|simp|cuck|bum|tramp|junkie|crackhead|pervert|perv|pedo|paedo|nonce|predator|groomer|rapist|nazi|monster|hag|ogre|goblin|toad|slug|worm|maggot|cockroach|roach|vermin|scum|filth|trash|garbage|turd|tool|dunce|dimwit|halfwit|twit|nitwit|airhead|bimbo|degenerate|lowlife|reject|disappointment|letdown|pest|brat|bitch|whore|slut|slag|skank|hoe|hooker|tart|minger|gargoyle|whale|hippo|walrus|blob|lump|cripple|nutcase|nutjob|nutter|lunatic|schizo|twat|prick|wanker|tosser|dickhead|cunt|bastard|knob|mutt|mongrel|ape|monkey|gorilla|baboon|savage|peasant|beggar|nuisance|burden|stain|troglodyte|neanderthal|bully|animal|manchild|crybaby|attention seeker|try ?hard|git|melt|muppet|gremlin|twerp|prat|pillock|plonker|sheep|weasel|wretch|rodent|ghoul|fossil|swine|oaf|lout|thug|waste of a (?:person|life|human)|boomer|hag|cow",
  bad: "ugly|stupid|dumb|thick|fat|disgusting|pathetic|worthless|useless|retarded|gross|hideous|repulsive|vile|brainless|brain ?dead|insufferable|talentless|spineless|gutless|unlovable|unfuckable|inbred|deranged|mentally ill|sick in the head|fucked in the head|trash|garbage|shite?|scum|filthy|evil|subhuman|demented|psychotic|sleazy|smelly|delusional|irrelevant|cringe|creepy|annoying|revolting|moronic|idiotic|toxic|laughable|despicable|rotten|crusty|nasty|slutty|easy to hate|slow in the head|clueless|washed up|dense|vermin|the (?:biggest|worst|dumbest|ugliest|saddest|stupidest|fattest|thickest) (?:one|of|person|loser|idiot|here|clown)",
  as: "(?!(?:lucky|lovely|happy|funny|cheeky|clever|any|every|my|by|they|why|say|buy|try|see|need|feed|fed|called|named|had|did|said|and|red|adopted|found|already|really|probably|actually|only|finally|played|saw|loved|liked|used|got)\\b)[a-z'’-]{1,16}(?:less|ish|ous|ic|ful|ass|arse|faced|brained|headed|ed|al|id|y|ive|ble|ent|ant|ory|some)|fucking|fuckin|complete|utter|proper|dumb|fat|little|big|vile|damn|spineless|drunk|cry|whiny|attention|loud|broke|bitter|fake|cruel|mean|slow|thick|white|black|brown|yellow|gay|trans|foreign|poor|rich|insecure|rude|entitled|smelling|stinking|eating|loving|absolute",
  kin: "mum|mom|mother|mama|momma|dad|father|parents|family|sister|brother|wife|husband|girlfriend|boyfriend|gf|bf|kids?|children|nan|gran|grandma|dog|cat",
  lot: "women|females|muslims?|jews?|hindus|sikhs|catholics|christians|gays?|gay (?:people|men|guys|couples)|lesbians?|bisexuals|trans(?:genders?| people| women| men| kids| girls)?|trannies|queers|homos|homosexuals|black (?:people|men|women|folks?|guys|girls)|blacks|whites|white (?:people|men|women|girls)|asians?|chinese(?: people)?|japanese|koreans|indians|pakistanis|africans|nigerians|arabs|mexicans|latinos|hispanics|romanians|polish people|poles|albanians|turks|kurds|syrians|afghans|somalis|bangladeshis|russians|ukrainians|israelis|palestinians|immigrants?|migrants|refugees|foreigners?|asylum seekers|illegals|gypsies|gypsy|travellers|roma people|disabled(?: people| kids)?|autistic(?: people| kids)?|autists|cripples|fat (?:people|women|girls|chicks)|ugly people|poor people|homeless people|the homeless|feminists|old people|brown people|single mums|single mothers|your (?:kind|race|people|sort|lot)|(?:indian|pakistani|chinese|arab|muslim|jewish|african|nigerian|mexican|asian|black|brown|romanian|polish|albanian|turkish|somali|syrian|afghan|gay|trans|lesbian|disabled|autistic|fat|ugly|poor|wheelchair|deaf|foreign|gypsy|thai|filipino|vietnamese|japanese|korean|latino|down['’]?s|special needs) (?:men|women|people|guys|girls|kids|boys|families|males|females|couples|dudes)|(?:these|those|them) (?:people|animals|savages)|people like (?:you|u|them|him|her)|freaks like (?:you|u|them)",
  lotWords:
    "women|female|muslim|jews?|hindus|sikhs|catholics|christians|gays?|lesbian|bisexual|trans|trannies|queers|homos|homosexual|black|whites?|asian|chinese|japanese|koreans|indians|pakistanis|africans|nigerians|arabs|mexicans|latinos|hispanics|romanians|polish|poles|albanians|turks|kurds|syrians|afghans|somalis|bangladeshis|russians|ukrainians|israelis|palestinians|immigrant|migrants|refugees|foreigner|asylum|illegals|gypsies|gypsy|travellers|roma|disabled|autis|crippl|people|chicks|girls|homeless|feminists|mums|mothers|men|guys|kids|boys|families|males|couples|dudes|kind|race|sort|animals|savages|freaks|paki|pakis|nigger|monkey|brownie|browny|chink",
  vile: "animals|vermin|scum|terrorists?|thieves|thugs|criminals|rapists?|parasites|cockroaches|rats|dogs|pigs|apes|monkeys|savages|barbarians|filth|filthy|dirty|sub ?humans?|inferior|stupid|dumb|disgusting|perverts?|pedos?|pedophiles|paedos?|paedophiles|groomers|predators|freaks|mentally ill|mental cases|a (?:disease|plague|cancer|virus|mistake|curse|mental|disgrace|drain|stain|waste|joke|cult|menace)|an abomination|abominations|trash|garbage|whores|sluts|gold ?diggers|liars|evil|demons|worthless|useless|lazy|violent|retarded|less intelligent|less than|lower than|not (?:human|people|real|normal|natural)|only good (?:for|at)|good for (?:nothing|only|one)|taking over|replacing|unnatural|genetically|sick fucks|sick freaks|too emotional|too stupid|not as (?:smart|intelligent)|naturally|born (?:thieves|criminals|liars|violent)|leeches|scroungers|invaders|the (?:problem|enemy|devil|scum)|ruining|destroying|backward|primitive|gross|nasty|ugly|smelly|degenerates?|walking|objects|property|breeding like|creeps|pests|backwards|a (?:burden|threat)|stealing|rapey|snakes|cunts|bastards|bitches|hoes|monsters|cowards",
  done: "be (?:shot|killed|gassed|hanged|hung|burned|burnt|banned|deported|locked|jailed|put down|sterili[sz]ed|castrated|exterminated|wiped|sent (?:back|home)|beaten|raped|stoned|caged|illegal|eliminated|erased|aborted|enslaved|slaves|cured|slapped|drowned|hunted|neutered|thrown (?:out|off)|euthani[sz]ed|forced|ashamed|in (?:cages|camps|a zoo|an asylum|prison|jail)|culled|purged|removed from|whipped|kicked out|bullied|punched|run over|in the kitchen)|die|burn|rot|hang|go (?:back|home)|stop breeding|not (?:exist|vote|breed|drive|reproduce|live|be alive|be allowed)|never (?:breed|reproduce|have been born|have kids|be allowed)|get out|know (?:their|your) place|obey|disappear|drop dead|choke|suffer|kill|stay in (?:the kitchen|the closet|their|your)",
  work: "essays?|dissertations?|assignments?|coursework|thesis|lab reports?|exams?|quiz(?:zes)?|take[ -]?homes?|homework|midterms?|finals|online class(?:es)?|term papers?|case studies",
  drug: "weed|bud|loud|zaza|kush|haze|cali|green|ket|ketamine|coke|charlie|snow|blow|yay|molly|mollys|mandy|mdma|percs?|xans?|xannies|bars|addys|addies|shrooms|tabs|acid|lucy|edibles|gummies|carts|dabs|hash|pills|pressies|pingers|lean|tina|meth|benzos|vals|oxys?|speed|mcat|dmt|ghb|cocaine|heroin|crack|dope|smack|fent|spice|thc|vapes",
};

const { raw } = String;
/** What is aimed at somebody in English. */
export const EN_RULES: readonly EnRule[] = [
  [
    "slur",
    "{grave}|{mild}",
    raw`\b{you}(?:\s(?:are|all|guys|{how})){0,5}\s(?:{grave}|{mild})\b(?!['’])`,
  ],
  ["slur", "{grave}", raw`\bwhat an?\s(?:{how}\s){0,3}{grave}\b(?!\s(?:i|of a)\b)`],
  [
    "slur",
    "{grave}",
    raw`\b(?:your|ur|his|her|that)\s\w{2,12}(?:\sis|['’]s) (?:{how}\s){1,3}{grave}\b`,
  ],
  [
    "slur",
    "{grave}|virgin|fatty",
    raw`\b(?:stupid|dumb|ugly|fat|dirty|pathetic|filthy|fucking|bloody|worthless) (?:little )?(?:{grave}|virgins?|fatty)\b`,
  ],
  ["slur", "{grave}", raw`^\W{0,6}(?:{how}\s){0,3}{grave}\W{0,6}$`],
  [
    "slur",
    "{grave}|{mild}",
    raw`\b(?:shut (?:up|your (?:face|mouth|trap))|piss off|go away|get lost|sod off)\b[\s,]{1,3}(?:you\s)?(?:{how}\s){0,3}(?:{grave}|{mild})\b`,
  ],
  [
    "slur",
    "nobody|noone|one",
    raw`\b(?:nobody|no ?one) (?:will|would|could) (?:ever )?(?:love|want|like|miss|date) you\b`,
  ],
  ["slur", "deserve", raw`\byou deserve (?:cancer|aids|nothing|to (?:suffer|rot|be alone|burn))\b`],
  [
    "slur",
    "wish",
    raw`\b(?:everyone|everybody|we all|i) wish(?:es)? you were (?:dead|gone|never born)\b`,
  ],
  [
    "slur",
    "shit|crap|garbage|trash|pig|whore|slut|slag|ape|monkey|hooker|tramp",
    raw`\byou (?:look|smell|sound|are) like (?:an? |absolute )?(?:shit|crap|garbage|trash|pig|whore|slut|slag|ape|monkey|hooker|tramp)\b`,
  ],
  [
    "slur",
    "{groups}",
    raw`\b(?:stupid|dirty|filthy|bloody|fucking|illegal|disgusting|vile) {groups}\b|\b{groups} (?:make|makes) me (?:sick|puke|vomit)\b|\b{groups} disgust\b`,
  ],
  ["slur", "real|true", raw`\bnever be a (?:real|true) (?:woman|man)\b`],
  ["slur", "kids?", raw`\byour kids? (?:is|are) (?:a |an )?(?:retards?|ugly|freaks?)\b`],
  [
    "slur",
    "ugliest|dumbest|stupidest|fattest|thickest|most",
    raw`\b(?:the|such an?) (?:ugliest|dumbest|stupidest|fattest|thickest|most (?:pathetic|disgusting|stupid)) (?:person|human|thing|girl|guy|bitch|creature)\b`,
  ],
  [
    "slur",
    "{beasts}",
    raw`\b(?:fat|ugly|stupid|ignorant|filthy|dumb|vile|pathetic|hairy) {beasts}\b`,
  ],
  // What somebody is, in whatever words stand before it.
  [
    "slur",
    "{low}",
    raw`\b{you}(?:\s(?:are|all|guys|just|really|being|literally|honestly|actually|absolute|is)){0,3},?\s(?:(?:such an?|just an?|nothing but an?|kind of an?)\s)?(?:{as}[,\s]{1,2}){1,4}(?:{low})s?\b(?![-'’]|\s(?:out|me|him|her|them|us|around|off|person|lover|owner)\b)`,
  ],
  [
    "slur",
    "{low}",
    raw`(?<!\b(?:if|when|that|not|feel|like|think|mean|means|because|say|says|said|until|unless) )\b(?:you['’]?re|you are|ur|u r|u are|youre|your) (?:(?:just|such|nothing but|really|literally|honestly|basically|clearly|actually|still|always|nothing more than) ){0,2}(?:an?|the) (?:{as}[,\s]{1,2}){0,3}(?:{low})\b(?![-'’]|\s(?:person|lover|owner|star|fan|now and)\b)`,
  ],
  [
    "slur",
    "{low}",
    raw`\b(?:special|particular|new|whole|different) (?:kind|type|sort|breed|level|brand) of (?:{as}\s){0,2}(?:{low})\b`,
  ],
  [
    "slur",
    "{low}|hamster|toddler|baby|corpse|hobo|drunk|prostitute|five|serial",
    raw`\b(?:you|u|ya) (?:must |really |honestly |literally |all |even |just )?(?:write|sound|look|smell|talk|type|act|dress|think|sing|walk|breathe|behave|read) (?:like|as if) (?:an?|my|some|the)?\s?(?:[\w-]{2,14}\s){0,3}(?:{low}|hamster|toddler|corpse|hobo|prostitute|five[ -]year[ -]old|serial killer)s?\b`,
  ],
  [
    "slur",
    "look|looks",
    raw`\b(?:your|ur) (?:face|head|body|nose|teeth|hair|mum|mom) (?:must |probably )?looks? like\b`,
  ],
  [
    "slur",
    "{bad}",
    raw`(?<!\b(?:if|when|that|not|feel|like|think|mean|means|because|say|says|said|until|unless|whether) )\b(?:you['’]?re|you are|ur|u r|u are|youre) (?:(?:all|so|too|just|really|actually|literally|honestly|that|such|fucking|genuinely|even|absolutely|clearly|beyond|kinda|proper|dead|still|very|truly|and|both|fat|lazy|old) ){0,4}(?:{bad})\b(?!\s(?:and (?:strong|brave|kind)|for (?:thinking|believing|free)|to (?:me|get)|with|sheep)\b)`,
  ],
  [
    "slur",
    "{bad}|{low}|vomit|puke|gag|shit",
    raw`\b(?:your|ur) (?:whole |entire |stupid |ugly |sad |cringe |little |own ){0,2}(?:face|voice|breath|hair|writing|poems?|poetry|posts?|bottles?|letters?|english|opinions?|existence|life|personality|family|parents|kids|teeth|nose|body|profile|spelling|grammar|accent|country|people|religion|culture|brain|dick|cock|mum|mom|mother|sister|gf|girlfriend|bf|boyfriend|wife|husband) (?:is|are|['’]?s|looks?|smells?|sounds?|must be) (?:just |so |really |as |an? |absolute |literally |honestly |pure |fucking |probably |total |fat ){0,3}(?:{bad}|{low}|shit|crap)\b`,
  ],
  [
    "slur",
    "vomit|puke|gag|barf|sick|heave",
    raw`\b(?:you|your \w+|ur \w+|people like you) (?:make|makes|made) me (?:wanna |want to |physically |feel )?(?:vomit|puke|gag|barf|sick|heave)\b`,
  ],
  [
    "slur",
    "stink|reek|suck",
    raw`\b(?:you|u) (?:all |really |literally |fucking |still |just |guys )?(?:stink|reek|suck)\b(?!\s(?:in|into|up|it|the|on|your|air|through|out|of the))`,
  ],
  [
    "slur",
    "thick|stupid|dumb|slow|retarded|mental|brain|illiterate|ugly|braindead|pathetic|desperate|sad",
    raw`\b(?:are|r) (?:you|u) (?:actually |really |just |always |that |this |so |naturally |born |legally |genuinely |all |being |clinically |fucking ){0,3}(?:thick|stupid|dumb|retarded|mental|brain ?dead|illiterate|braindead|pathetic|slow in the head)\b|\bor (?:are you )?just (?:that |this |really |plain |born )?(?:thick|stupid|dumb|slow|ugly|retarded|mental|sad|pathetic|desperate)\b`,
  ],
  [
    "slur",
    "nursery|school|head|kindergarten|birth|child|baby",
    raw`\b(?:did|were|was) (?:you|u|your (?:mum|mom|mother)) (?:get )?(?:drop(?:ped)?|fail|skip|miss|kicked)\b[^.!?\n]{0,20}\b(?:nursery|school|on (?:your|ur) head|kindergarten|at birth|as a (?:child|baby|kid))\b`,
  ],
  [
    "slur",
    "{kin}",
    raw`(?<!\b(?:like|think|thinks|when|if|that|because) )\b(?:your|ur|yo) (?:own )?{kin} (?:(?:probably|must|clearly|obviously|still|should|shoulda|should['’]?ve|should of|even|all|both|really|just|have|be|is|are) ){0,3}(?:hates?|regrets?|despises?|ashamed of|disowned|abandoned|swallowed|aborted|(?:never|don['’]?t|doesn['’]?t|can['’]?t|didn['’]?t|won['’]?t) (?:even |really )?(?:loved?|wants?|wanted|stand|likes?|call|visit|speak to|talk to))(?: (?:you|u|looking at|the sight of|ya)\b|\b(?=,|\.|!|$))`,
  ],
  [
    "slur",
    "reason",
    raw`\byou(?:['’]?re| are) the reason (?:your|ur|why|they|he|she|nobody|people (?:hate|leave|die)|we (?:can['’]t|have)|god|shampoo|condoms?|abortion|bleach)\b(?! (?:i|we) (?:smile|still))`,
  ],
  [
    "slur",
    "{kin}",
    raw`\b(?:your|ur|yo) (?:mum|mom|mother|mama|momma|sister|wife|gf|girlfriend)['’]?s? (?:is |was )?(?:such )?(?:a |an )?(?:fat |cheap |dirty |ugly |filthy |nasty |stupid )?(?:whore|slut|hoe|slag|bitch|cow|hooker|prostitute|skank|crackhead|tramp|gay)\b`,
  ],
  [
    "slur",
    "ass",
    raw`\b(?:dumb|stupid|ugly|fat|fake|dirty|sad|lonely|crusty|sweaty|desperate|basic|bald|broke|jealous|bitter|greasy|trashy|nasty|insecure|musty|dusty|lying|ignorant|pathetic|weird|weak|punk|lame|goofy|clown|bitch|old)[ -]?ass (?:old )?(?:bitch|hoe|mf|dude|man|boy|girl|loser|idiot|clown|cunt|neckbeard|virgin|incel|hag|troll|roach|creep|pig|liar|simp|face|women|men|people|mother ?fucker|poems?|letter|post|bottle)\b`,
  ],
  [
    "slur",
    "whale|fatty|fatso|pig|piggy|cow|hippo|tubby|chubby|lard",
    raw`\b(?:keep eating|stop eating|eat less|put (?:the|that) \w+ down|lay off the \w+|hit the gym|lose (?:some )?weight|go on a diet|skip (?:a meal|dinner|lunch))\b[^.!?\n]{0,20}\b(?:whale|fatty|fatso|pig|piggy|cow|hippo|tubby|chubby|lard\w*)\b`,
  ],
  [
    "slur",
    "loser|moron|bitch|clown|pig|creep|freak|weirdo|virgin|incel|fatty|coward|snowflake|simp|crybaby|rat|scum|trash|ugly|peasant|worm|dickhead|perv|psycho|troll",
    raw`[,.!?]\s(?:you )?(?:{how}\s){0,3}(?:loser|moron|bitch|clown|creep|freak|weirdo|incel|fatty|snowflake|simp|crybaby|scum|ugly|peasant|perv|psycho|retard)s?\s?[.!?]{0,4}(?:$|\n|\slol|\slmao|\s?💀|\s?😂|\s?🤡|,)`,
  ],
  [
    "slur",
    "wonder",
    raw`\bno wonder (?:you['’]?re|you are|ur|your) (?:still |so |always )?(?:single|alone|a virgin|unemployed|broke|ugly|divorced|fat|failing|bullied|hated)\b|\bno wonder (?:you|u) (?:have|got|['’]ve got) no\b|\bno wonder (?:your |ur )?(?:\w+ ){1,3}(?:left|dumped|hates?|avoids?|ghosted|ditched|divorced|cheated on|blocked|bull(?:y|ied)|can['’]?t stand|killed) (?:you|u|him|herself|himself)\b`,
  ],
  [
    "slur",
    "never|die",
    raw`\byou(?:['’]?ll| will|['’]?re going to|['’]re gonna| gonna) (?:never|always) (?:amount|be (?:loved|anything|anyone|a real|good enough|pretty|a woman|a man|a loser|alone|nothing|a failure|trash|wanted|happy you)|find (?:love|anyone|someone who)|have (?:friends|a friend|any friends)|get (?:laid|a girlfriend|a boyfriend|a girl|any|out of your mum))\b|\byou(?:['’]?ll| will) (?:die|end up|be) (?:alone|a virgin|a failure|homeless|miserable|unloved)\b`,
  ],
  [
    "slur",
    "funeral|grave",
    raw`\b(?:come to|at|to|show up (?:to|at)|miss|laugh at|dance at|celebrate) (?:your|ur) (?:own )?funeral\b|\b(?:on|over|dig|digging|visit) (?:your|ur) grave\b`,
  ],
  [
    "slur",
    "celebrate|laugh|dance|cheer|clap|party|piss|spit|smile|throw",
    raw`\b(?:i|we|everyone|everybody|they)(?:['’]?d| would|['’]ll| will)\s(?:all )?(?:celebrate|laugh|dance|cheer|clap|party|piss|spit|smile|throw a party) (?:if|when|on|at|the day)\s(?:you|your|ur|u)\b`,
  ],
  [
    "slur",
    "without|w",
    raw`\b(?:world|everyone|everybody|planet|earth|we|family|they|room|place|app|kids|friends|society)\b[^.!?\n]{0,14}\b(?:better|happier|nicer|cleaner|quieter|brighter)\b[^.!?\n]{0,12}\b(?:without|w/o|if) (?:you|u|ur|your)\b(?!\s(?:guys|helping|add|can|could|want))`,
  ],
  [
    "slur",
    "bullet|beating|slap|noose|rope|alone|bullied|worse|rot|pain|raped|hit|knife|misery",
    raw`\b(?:you|u) (?:really |fully |all |honestly )?deserved? (?:an? (?:bullet|beating|slap|noose|rope|knife|punch|kicking)|to be (?:alone|bullied|hit|raped|dumped|beaten|miserable|hated)|worse|to rot|pain|misery|every (?:bad|beating|slap|bit of (?:pain|hate)))\b`,
  ],
  [
    "slur",
    "hope|wish|pray",
    raw`\b(?:hope|wish|pray|praying|hoping) (?:that )?(?:you|u|your (?:mum|mom|family|kids|dog|house|plane|car)|ur (?:mum|mom|family))(?:['’]?d| would| will| all| both| never| just| really| slowly)? (?:get (?:hit|run over|cancer|aids|raped|hurt|beaten|robbed|killed|shot|stabbed|jumped|expelled|deported|herpes|an std|what)|wake up dead|end up (?:alone|dead|homeless|in a)|lose everything|never wake|crash|bleeds?|starve|choke|suffers?|rots?|burns?|dies?|drown|explode|fall (?:down|off|under)|trip and|goes? down|gets? (?:hit|cancer|aids|raped)|flips|catch(?:es)? fire)\b`,
  ],
  [
    "slur",
    "die",
    raw`\b(?:then|so|just|now|please|pls) (?:go )?die (?:then|about it|of|already|mad|lol|alone|slowly|in|for all)\b(?! (?:of|for) (?:laughter|laughing|embarrassment|shame|hunger|boredom))`,
  ],

  // What is said of whoever is of some kind.
  [
    "slur",
    "{lotWords}",
    raw`(?<!\b(?:he|she|they|who|people|dad|mum|mom|uncle|grandad|teacher|boss|landlord|some|media|paper|myth|idea|lie) (?:still |always |really |just )?(?:thinks?|thought|says?|said|believes?|believed|claims?|claimed|thinking|saying)(?: that)?(?: all| most)? )\b(?:{lot})\s(?:(?:are|r|is|were|aint|ain['’]t|will always be|have always been) (?:all |just |like |nothing but |only |fucking |such |literally |always |basically |really |naturally |the |more |still |a bunch of |mostly ){0,3}(?:{vile})|(?:only |just |always )?(?:ruin|ruins|ruined|destroy|breed|steal|stink|smell|rape|bring (?:disease|crime)|make me (?:sick|puke|vomit|gag)|disgust|belong in|don['’]?t belong|haven['’]?t met|look(?:s)? (?:all )?the same|all look|deserve (?:to|nothing|death|it|what|aids|cancer)|can['’]?t be trusted|should(?:n['’]?t| not| never) (?:exist|vote|be (?:allowed|here|in|near|alive)|have (?:kids|children|rights|opinions|babies|jobs)|breed|adopt|drive)|steal|plann?ed|control everything|lie about|aren['’]?t (?:human|people|real|normal|women|men)|eat dogs|need (?:a real|to die|to go|a good|to be put)|should all|will burn|go (?:home|back)|get out|out of|out!|have no (?:brains?|souls?|place)|like you (?:are|should|deserve|need|make|ruin)))\b(?! (?:up|of (?:men|being|waiting)|from (?:war|home)))`,
  ],
  [
    "slur",
    "{lotWords}",
    raw`\b(?:{lot})(?: like (?:you|u|them|that))?(?: all| just)? (?:should|must|need to|needs to|ought to|deserve to|have to|shoulda|should['’]?ve)(?: all| just| never| be made to)? (?:been (?:shot|aborted|gassed|killed|drowned|left|put)|{done})\b(?! (?:for|with) (?:their|free))`,
  ],
  [
    "slur",
    "{lotWords}",
    raw`\b(?:deport|gas|exterminate|ban|round up|lock up|nuke|get rid of|wipe out|kick out|throw out|drown|burn|lynch|enslave|sterili[sz]e|castrate|bomb|shoot|hang|kill|hate|fuck|behead|cull|send|ship) (?:all|every(?: last| single)?|each|these|those|the last|off|them|all these|all those|all the|fucking|bloody|damn|filthy)(?: the| of the| these| fucking| bloody| filthy| last| single| dirty| stupid| lazy){0,2} (?:{lot})\b|\b(?:deport|exterminate|gas|sterili[sz]e|castrate|lynch|enslave) (?:the )?(?:{lot})\b|\b(?:send|ship|put) (?:the )?(?:{lot}) (?:back|home|on (?:the|a) boat)\b`,
  ],
  [
    "slur",
    "people",
    raw`\bpeople like (?:you|u) (?:should(?: be| n|n['’]?t| die| rot| burn| go| hang| all)|deserve (?:to (?:die|rot|suffer|be)|nothing|a bullet|what|it\b)|need to (?:die|be|go|get)|belong in|disgust|ruin|are (?:the (?:problem|worst|scum)|why (?:i hate|people kill|we can)|scum|disgusting|trash|a (?:waste|disease|cancer|disgrace|joke|plague)|what['’]?s wrong|pathetic|worthless)|get what|don['’]?t deserve|never)\b(?! (?:celebrated|paid|proud|heard|loved|protected|sorry|ashamed of nothing))`,
  ],
  [
    "slur",
    "fix|straighten|cure",
    raw`\b(?:someone|somebody|i|we|a real man|a good dick) (?:should|could|can|would|will|['’]ll|needs? to|wants? to) (?:fix|straighten|cure|fuck|rape) (?:you|u|her|them|the (?:gay|lesbian))\b(?! (?:a|some|an|up (?:with|a)|dinner|breakfast|lunch))`,
  ],
  [
    "slur",
    "{lotWords}",
    raw`\b(?:{lot}|paki|pakis|nigger|arab|foreigner|immigrant|muslim|jew|monkey|brownie|browny|chink)s? (?:trash |scum |pig |bitch |cunt )?go (?:back )?home\b`,
  ],
  [
    "slur",
    "man|dude|bloke|guy|male|real|not",
    raw`\b(?:you['’]?re|you are|ur|he['’]s|she['’]s) (?:just |still |always be |not |never be )?(?:a |an )?(?:(?:man|dude|bloke|guy|male) (?:in a (?:dress|wig|skirt)|pretending|who thinks)|a real (?:woman|girl|man|boy)|not a (?:real )?(?:woman|girl|man|boy))\b`,
  ],
  [
    "slur",
    "write|wrote",
    raw`\bdid (?:an?|your|my) (?:\w+ )?(?:toddler|child|monkey|year[ -]old|dog|cat|bot|drunk|baby|chimp|ai) (?:write|type|spell)\b`,
  ],
  [
    "slur",
    "personality|charm|brain|brains|iq|intelligence|looks|appeal|charisma|face|body|attention|manners|wit|depth",
    raw`\b(?:you|u)(?:['’]ve| have)?(?: got)? the (?:\w+ )?(?:personality|charm|brains?|iq|intelligence|looks|appeal|charisma|face|body|attention span|manners|wit|depth) of an? (?!angel|saint|star|goddess|god|model|film|movie|poet|princess)`,
  ],
  [
    "slur",
    "than",
    raw`\b(?:more|better|higher|bigger|smarter|brighter|sharper) (?:personality|brains?|sense|charm|iq|intelligence|manners|self[ -]respect|class|brain cells|social skills|teeth|life)? ?than (?:you|u|ur|your (?:ugly|whole|entire|face))\b[^a-z]{0,3}(?:$|\n|[.!?,])`,
  ],
  [
    "slur",
    "never",
    raw`\bbet (?:you|u)(?:['’]ve| have)? never (?:touched|kissed|been (?:kissed|loved|hugged|outside)|had (?:a|any|sex)|left|spoken|worked|showered|seen a)\b`,
  ],
  [
    "slur",
    "like",
    raw`\b(?:you|u) (?:sound|look|smell|write|sing|talk|type|act) like (?:an? )?(?:dying|strangled|constipated|drowning|wounded|rabid|drunk|retarded|brain[ -]damaged|deflated|melted|dropped|squashed|used|dead|burnt|inbred|wet|homeless|rotten|rotting|bloated|diseased) \w+`,
  ],
  [
    "slur",
    "what",
    raw`\bwhat an? (?:sad|pathetic|miserable|tragic|worthless|pitiful|sorry|disgusting|vile|horrible|nasty|waste of (?:a |an )?(?:person|space|skin|oxygen|sperm|life|air|human|time you)) ?(?:little (?:man|boy|girl|person|creature|life|loser|freak|thing)|excuse|existence|life you|person|human|individual|man you|woman you|creature|specimen)?\b(?=[\s,]{0,2}(?:$|\n|[.!?]|you|u\b|lol|of a))(?<=(?:man|boy|girl|person|creature|life|loser|freak|thing|excuse|existence|you|human|individual|specimen|space|skin|oxygen|sperm|air))`,
  ],
  [
    "slur",
    "{kin}",
    raw`\b(?:your|ur) (?:poor )?{kin} (?:must be|are probably|is probably|must have been) (?:so |very |really )?(?:disappointed|embarrassed|ashamed|mortified|disgusted)\b`,
  ],
  [
    "slur",
    "ugly|fatty|fatso|dumbo|freak|loser|idiot|pig|piggy|incel|creep|clown|virgin|fatass",
    raw`(?:^|[\n.!?,]\s?)(?:hey|oi|hi|hello|listen|bye|lol|lmao|ew|yo|aw) (?:there |up )?(?:ugly|fatty|fatso|dumbo|freak|loser|idiot|pig|piggy|incel|creep|clown|virgin)\b`,
  ],
  [
    "slur",
    "happens|all|infested|overrun|invaded|flooded|swarming|crawling",
    raw`\bwhat happens when you let (?:\w+ ){0,2}(?:{lot}) (?:in|into|near|vote|drive|have)\b|\b(?:infested|overrun|invaded|flooded|swarming|crawling) (?:with|by) (?:\w+ )?(?:{lot})\b|\ball (?:these|those|the|you) {lot} (?:ever )?(?:do|want|care about|know) is\b`,
  ],
  ["slur", "stain", raw`\byou(?:['’]?re| are) a stain\b`],
  [
    "slur",
    "hope",
    raw`\bhope (?:you|u) (?:\w+ (?:and )?){0,2}(?:rot|die|fail|burn|suffer|choke|drown)\b`,
  ],
  [
    "slur",
    "zoo|jungle|trees|kitchen|cave|swamp",
    raw`\bgo back to (?:the|your) (?:zoo|jungle|trees|kitchen|cave|swamp)\b`,
  ],

  [
    "threat",
    "{hurt}",
    raw`\b{i}\s{well}?{hurt}\s(?:you|u|your|ur|her|him|them|every\w*|all of you|{that})\b`,
  ],
  [
    "threat",
    "kill|shoot|drown|poison|choke",
    raw`\b(?:i['’]?ll|i will|i['’]?m (?:gonna|going to)|i am going to|gonna|imma|i want to)\s{well}?(?:kill|shoot|drown|poison|choke)\s(?:you|u|her|him|every(?:one|body)|all of you|{that})\b(?!\s(?:a|an|the|time|game)\b)`,
  ],
  [
    "threat",
    "{break}",
    raw`\b{i}\s{well}?{break}\s(?:you|your|ur|u|his|her)\s(?:fucking\s|in the\s)?{body}\b`,
  ],
  [
    "threat",
    "hospital|ground|coffin|grave|wheelchair|morgue|body",
    raw`\b(?:put|putting|send) you in (?:a |the )?(?:hospital|ground|coffin|grave|wheelchair|morgue|body bag)\b`,
  ],
  ["threat", "cut", raw`\bi['’]?ll cut (?:you|u)\b(?! a| some| off)`],
  ["threat", "burn", raw`\bburn down (?:your|ur|her|his|their)\b`],
  [
    "threat",
    "outside|watching|burn|torch",
    raw`\b(?:outside|watching|burn|torch) your (?:house|door|flat|window|car)\b`,
  ],
  ["threat", "where", raw`\b(?:find|found) out where (?:you|u) live`],
  ["threat", "house|door|flat", raw`\bcome (?:round )?to your (?:house|door|flat) and\b`],
  [
    "threat",
    "dead",
    raw`\b(?:you['’]?re|you are|ur|u r) (?:so )?dead (?:when|if|next time|after|tomorrow)\b`,
  ],
  [
    "threat",
    "pics?|photo|nudes|video|screenshots|chats",
    raw`\b{publish}\s(?:these|the|those|your|ur)\s{secrets}\b[^.!?\n]{0,40}\b{orElse}\b|\b{orElse}\b[^.!?\n]{0,40}\b{publish}\s(?:these|the|those|your|ur)\s{secrets}\b`,
  ],
  ["threat", "die", raw`\bgo\s(?:\w+\s){0,4}and die\b`],
  [
    "threat",
    "beaten|jumped|stabbed|shot|hurt|battered|raped|killed|what",
    raw`\b(?:gonna|going to|about to) get (?:beaten|jumped|stabbed|shot|hurt|battered|raped|killed|what['’]?s coming)\b`,
  ],
  ["threat", "find|get|hunt", raw`\b{i}\s{well}?(?:find|get|hunt) you (?:and|down)\b`],
  [
    "threat",
    "regret|pay|suffer|bleed|beg|sorry|scream",
    raw`\b{i}\s{well}?make (?:you|u|her|him) (?:regret|pay|suffer|bleed|beg|sorry|scream)\b`,
  ],
  [
    "threat",
    "fire",
    raw`\b(?:set|setting) (?:your|ur|his|her) (?:car|house|room|flat|hair|place) on fire\b`,
  ],
  [
    "threat",
    "knife|gun|blade|machete|shotgun",
    raw`\b(?:i have|i['’]?ve got|i got) a (?:knife|gun|blade|machete)(?:,| and| for| with your)|\b(?:bringing|bring) (?:a|my) (?:knife|gun|blade|machete|shotgun)\b`,
  ],
  ["threat", "blood", raw`\bwill be blood (?:at|in|on)\b`],
  [
    "threat",
    "won|wont|not",
    raw`\b(?:you|u) (?:won['’]?t|will not) (?:see|make it to|live to|survive|wake up) (?:see )?(?:the night|tomorrow|monday|next week|tonight|another day|it)\b`,
  ],
  ["threat", "everyone", raw`\bor everyone (?:sees|gets|will see) your\b`],
  [
    "threat",
    "everyone|everybody",
    raw`\b(?:tell|show) every(?:one|body)\b[^.!?\n]{0,30}\b(?:if you don['’]?t|unless|pay)\b`,
  ],
  [
    "threat",
    "room|house|flat|car|class|bus|street",
    raw`\b(?:i|we) know (?:which|what) (?:room|house|flat|car|class|bus|street) (?:you|u|is yours)`,
  ],
  [
    "threat",
    "burn|die|pay|suffer|bleed",
    raw`\b(?:your|ur) (?:house|family|car|mum|mom|kids|flat|dog) (?:will|is (?:gonna|going to)) (?:burn|die|pay|suffer|bleed)\b`,
  ],
  [
    "threat",
    "brother|mates?|cousin|boys|friends|lads|dad",
    raw`\b(?:get|send|have|got) my (?:brothers?|mates?|cousins?|boys|friends|lads|dad) (?:to )?(?:jump|beat|sort|hurt|kill|batter|do) (?:you|u)\b`,
  ],
  ["threat", "better", raw`\byou(?:['’]?d)? better (?:run|hide)\b(?! (?:it|a|the|this))`],

  [
    "threat",
    "pay|send|transfer|give|wire",
    raw`\b(?:pay|send|transfer|give|wire)\b[^.!?\n]{0,30}\b(?:or|unless)\b[^.!?\n]{0,12}\b(?:i(?:['’]ll| will| am going to)? (?:\w+ )?(?:leak|post|send|share|tell|show|expose|publish)|(?:your|ur) (?:boss|{kin}|friends|school|teacher|followers|contacts|employer|colleagues|work|uni)\s(?:gets?|sees?|finds?|will|is|are|hears?|knows?|reads?)|every(?:one|body)(?: you know| you love)? (?:gets?|sees?|will|finds?|knows?))`,
  ],
  [
    "threat",
    "if|unless",
    raw`\b(?:if|unless) (?:you|u) (?:don['’]?t |ever |keep |dare |try |even )?(?:tell|block|ignore|leave|report|stop|say|go|talk|try|reply|post|message|come|send|pay|move|delete|apologi[sz]e|cross|touch|look|talking|posting|ignoring|snitch\w*)\b[^.!?\n]{0,40}\bi(?:['’]ll| will|['’]m gonna|['’]m going to| swear i['’]ll)\s(?:\w+ )?(?:burn|kill|hurt you|break your|beat you|beat the|leak|expose|tell every|tell your|ruin|destroy you|destroy your|find you|find where|find out|come (?:for|find)|smash your|stab|shoot|murder|slit|post your|send your|share your|show every|show your|end you|rape|cut you)`,
  ],
  [
    "threat",
    "again|more",
    raw`\b(?:say|talk|post|message|write|text|look|speak|touch|ghost|lie)\b[^.!?\n]{0,25}\b(?:again|one more time)\b[^.!?\n]{0,6}\band (?:i swear|see what (?:happens|i do)|watch what|you['’]?re (?:dead|done|finished|gone)|you(?:['’]?ll| will) (?:regret|be sorry|pay|wish|bleed|lose|see stars)|i['’]ll (?:break|hurt|kill|end|beat|smash|stab|find|knock|cut|ruin|rip))`,
  ],
  [
    "threat",
    "dead|break|punch|kick|hurt|regret|swing|teeth|knock|beat|hospital|stab|smash|bleed|floor|spit|slap",
    raw`\bnext time (?:i|we) see (?:you|u|your|ur)\b[^.!?\n]{0,30}\b(?:dead|break|punch|kick|hurt|regret|swing|teeth|knock|beat|hospital|stab|smash|bleed|on the floor|spit|slap)`,
  ],
  [
    "threat",
    "waiting",
    raw`\b(?:i|we)(?:['’]ll| will|['’]m| am)(?: be)? waiting (?:for (?:you|u) )?(?:outside|after (?:class|school|work|the lecture)|in the (?:dark|car park|parking lot|alley)|at your|by your|with (?:a|my|the) (?:bat|knife|gun|boys|lads|hammer))`,
  ],
  [
    "threat",
    "armed|bat|axe|hammer|acid|petrol|crowbar|glock|rifle|pistol|machete|strapped|knife|gun",
    raw`\b(?:i['’]?m|i['’]?ll|i will|we['’]?ll|gonna|going to) (?:be )?(?:coming |come |bring(?:ing)? |get(?:ting)? )?(?:armed|strapped|with (?:a|my|the) (?:bat|knife|gun|axe|hammer|machete|crowbar)|(?:a|my|the) (?:axe|acid|petrol|crowbar|glock|rifle|pistol|machete))\b(?! for)`,
  ],
  [
    "threat",
    "coming",
    raw`\b(?:get|got|have) what['’]?s coming(?: to (?:you|u|him|her|them))?\b(?! (?:up|next))`,
  ],
  [
    "threat",
    "door|doorstep|window",
    raw`\b(?:i|we)(?:['’]ll| will|['’]m| am)(?: be)? (?:at|outside|by|coming to|kicking in) (?:your|ur) (?:door|doorstep|window|front door|bedroom)\b(?! (?:in (?:five|ten|\d)|with (?:soup|cake|flowers|food)))`,
  ],
  [
    "threat",
    "know|saw|seen|followed",
    raw`\bi (?:know|saw|seen|followed|have seen) (?:you|u|where you|which \w+ you|what \w+ you|your)\b[^.!?\n]{0,20}\b(?:walk(?:ing)? home|live|sleep|every (?:day|night|morning)|alone at|bedroom|through (?:your|the) window|park your|take the bus|gets? off|kids go|leave (?:the|your|work))`,
  ],
  [
    "threat",
    "sleep|right|through|watch|every",
    raw`\bi(?:['’]?m| am)? (?:watching|can see) (?:you|u) (?:sleep|right now|through|from (?:the|my|across)|every|undress|shower)`,
  ],
  [
    "threat",
    "hospital|ditch|coffin|morgue|grave|trunk|river|bag|ground|box",
    raw`\b(?:you|u)(?:['’]?ll| will| gonna|['’]re gonna| are going to)(?: soon)? (?:be|end up|wake up|be found) (?:dead )?in (?:a|the) (?:hospital bed|ditch|coffin|body bag|bin bag|morgue|grave|trunk|river|ground|box)\b`,
  ],
  [
    "threat",
    "slow|scream|bleed|beg|cry|die|drown|burn",
    raw`\b(?:i|we)(?:['’]?d| would) (?:love|like|pay|enjoy|kill) to (?:see|watch|hear|make) (?:you|u|your) (?:scream|bleed|beg|cry|die|drown|burn|suffer|choke|hang)`,
  ],
  [
    "threat",
    "again",
    raw`\b(?:make sure|you['’]?ll|you will|so that|till) (?:you |u )?(?:will |can )?never (?:walk|breathe|smile|type|post|eat solid food) again\b`,
  ],
  [
    "threat",
    "real",
    raw`\b(?:and|know|have|got|found|saved|leak|post) (?:out )?(?:your|ur) real name\b`,
  ],
  [
    "threat",
    "more",
    raw`\bone more (?:word|post|message|reply|comment)(?: from you| out of you)? and (?:i['’]?(?:m|ll)|i will|you['’]?re|you will|you['’]ll|these|your|we)\b`,
  ],
  [
    "threat",
    "{kin}|boss|school|work|teacher|friends|uni|employer|church|whole",
    raw`\bi(?:['’]?m|['’]?ll| am| will|['’]m gonna)(?: just)? (?:sending|send|showing|show|forwarding|forward|posting) (?:this|these|it|them|those|your \w+|screenshots|everything) to (?:your|ur) (?:whole )?(?:{kin}|boss|school|work|teacher|friends|uni|employer|church)\b`,
  ],
  [
    "threat",
    "ambulance|hearse|stretcher|bag|wheelchair|coffin",
    raw`\b(?:you['’]?re|you['’]?ll|you will|ur|u r|gonna|going to) (?:be )?(?:leav(?:e|ing)|go(?:ing)? home|end(?:ing)? up|need(?:ing)?|carried out) (?:in )?an? (?:ambulance|hearse|stretcher|body bag|wheelchair|coffin)\b`,
  ],
  [
    "threat",
    "cave|caving|bash|bashing|kick|kicking|stove",
    raw`\b(?:i['’]?m|i['’]?ll|i will|gonna|imma) (?:\w+ )?(?:cav(?:e|ing)|bash(?:ing)?|kick(?:ing)?|stov(?:e|ing)) (?:it|your \w+|ur \w+) in\b`,
  ],
  [
    "threat",
    "best",
    raw`\bbest (?:thing|gift|favou?r) (?:you|u) (?:could|can) (?:ever )?(?:do|give)\b[^.!?\n]{0,40}\b(?:vanish|disappear|die|dying|kill|jump|end it|not exist|your death)\b`,
  ],
  [
    "threat",
    "bleach|antifreeze|drain|arsenic",
    raw`(?<!\b(?:never|don['’]?t|not|to|who|kids|people|he|she|they|i) )\b(?:drink|chug|down|swallow|sip|gargle) (?:a |some |the |your )?(?:\w+ ){0,3}(?:bleach|antifreeze|drain cleaner|arsenic)\b`,
  ],
  [
    "threat",
    "better",
    raw`\b(?:you|u)(?:['’]?d| would) (?:look|be|smell) (?:so much |much |a lot |way )?better (?:dead|off dead|in a (?:coffin|grave|casket|body bag|bag|ditch)|hanging|six feet|with (?:a|the) (?:noose|rope|bag))\b`,
  ],
  [
    "sexual",
    "bed|sheets|bedroom",
    raw`\b(?:i (?:was|were)|me) (?:naked |lying |there )?in (?:your|ur) bed (?:right now|rn|tonight|naked|with|now)\b|\b(?:wild|freak|freaky|crazy|animal|beast|good) in (?:the sheets|bed|the bedroom)\b`,
  ],
  [
    "sexual",
    "packing|finish|cum|release",
    raw`\b(?:what i['’]?m packing|help me (?:finish|cum|release|bust|get off)|make me (?:finish|cum|bust))\b(?! (?:my|the|this|it))`,
  ],
  [
    "sexual",
    "wives|wife|housewives|housewife|milfs?|mums|moms|girls|women|ladies|females",
    raw`\b(?:bored|horny|neglected|frustrated|naughty|lonely) (?:house)?(?:wives|wife|milfs?|mums|moms|girls|women|ladies|females)\b[^.!?\n]{0,20}\b(?:wanna|want|up for|here|only|need|looking|dm|hmu|message)\b`,
  ],
  [
    "sexual",
    "lips|legs|thighs|mouth|hand|hands",
    raw`\b(?:lips|legs|thighs|mouth|hands?)\b[^.!?\n]{0,25}\bwrapped (?:a)?round (?:me|my|it|this)\b`,
  ],
  [
    "sexual",
    "video|videos|vids?|pics?|photo|photos|clips?",
    raw`\b(?:video|vid|pic|photo|clip)s? of me (?:in the shower|naked|nude|playing with|jerking|wanking|cumming|touching|stroking|in (?:lingerie|nothing))\b`,
  ],
  [
    "sexual",
    "toy|slave|plaything|fuckdoll|sub|pet|whore|slut",
    raw`\b(?:you|u)(?:['’]?d| would|['’]?ll| will| could| can)? (?:make|be) (?:such )?(?:a |my )(?:\w+ ){0,2}(?:toy|slave|plaything|fuckdoll|sub|whore|slut|pet for me)\b`,
  ],
  [
    "sexual",
    "underwear|undies|panties|bra|knickers|thong|nipples|boxers|lingerie",
    raw`\bcolou?r (?:is |are )?(?:your|ur) (?:underwear|undies|panties|bra|knickers|thong|nipples|boxers|lingerie)\b`,
  ],
  [
    "sexual",
    "lost|lose",
    raw`\b(?:when|how|where|who) (?:did )?(?:you|u) (?:lost|lose) (?:it to|it and|(?:your|ur) (?:virginity|v[ -]?card))`,
  ],
  [
    "sexual",
    "skirt|dress|top|shirt|pants|jeans|panties|bra|knickers|leggings|shorts|trousers",
    raw`\b(?:up|under|down|inside|into) (?:your|ur) (?:skirt|dress|pants|jeans|panties|bra|knickers|leggings|shorts)\b`,
  ],
  ["sexual", "sext", raw`\b(?:wants?|wanna|up|down) (?:to )?sext\b`],
  ["sexual", "nudes?", raw`\bsend (?:me )?(?:a |some )?nudes?\b|\bnudes(?: for|\s?\?)`],
  [
    "sexual",
    "fuck|sex|suck|shag|bang|sexting|sext|hook|hookup|fun|naughty|dirty",
    raw`\b(?:looking for|want|need|seeking|any|find)\s(?:an?\s)?(?:\w{2,12}\s)?{people}\s(?:\w{2,8}\s){0,2}(?:to|for)\s(?:fuck|sex|have sex|suck|shag|bang|sexting|sext|hook ?up|fun tonight|naughty|dirty)\b`,
  ],
  [
    "sexual",
    "lick|fuck|spank|finger|shag|undress|suck|bone|rail|ravish",
    raw`\b(?:let me|wanna|want to|i['’]?d|i could|i['’]?ll|i will|gonna|can i)\s{well}?(?:lick|fuck|spank|finger|shag|undress|suck|bone|rail|ravish)\s(?:you|u|your|ur)\b`,
  ],
  [
    "sexual",
    "moan|cum|wet|scream|squirt",
    raw`\bmake (?:you|u) (?:moan|cum|wet|scream my|squirt)\b`,
  ],
  [
    "sexual",
    "cum|wank|strip|masturbate|jerk",
    raw`\b(?:watch|see|make|help) me (?:cum|wank|strip|masturbate|jerk)\b`,
  ],
  [
    "sexual",
    "{part}",
    raw`\b(?:see|show|send|touch|suck|grab|lick|rate|flash|squeeze|kiss)\s(?:me\s)?(?:a\s)?(?:pics?\sof\s)?(?:your|ur)\s(?:\w{2,10}\s)?{part}\b`,
  ],
  [
    "sexual",
    "bdsm|kink|anal|sex|shag|sexting|dirty|nudes|cam|threesome|feet",
    raw`\b(?:anyone|who['’]?s|who is) (?:into|up for|down for|wants?) (?:bdsm|kink|anal|sex|a shag|sexting|dirty talk|nudes|cam|threesomes?|feet)\b`,
  ],
  [
    "sexual",
    "milf|slut|horny|naughty",
    raw`\bany (?:milfs?|sluts?|horny \w+|naughty \w+)\s(?:here|around|near|on|up|in|about)\b`,
  ],
  ["sexual", "bed", raw`\b(?:fun|action|play) in bed\b`],
  [
    "sexual",
    "kink|fantasy|fantasies|fetish|bra",
    raw`\btell me your (?:kinks?|fantas(?:y|ies)|fetish(?:es)?|bra size)\b`,
  ],
  [
    "sexual",
    "tits|boobs|pussy|nudes|noods|lewds",
    raw`\bsend (?:me )?(?:some )?(?:tits|boobs|pussy|nudes|noods|lewds)\b`,
  ],
  ["sexual", "virgin", raw`\bare you (?:still )?a virgin\b`],
  [
    "sexual",
    "wearing",
    raw`\bwhat (?:are|r) (?:you|u) wearing (?:in bed|under|to bed|rn|right now)\b`,
  ],
  ["sexual", "legs", raw`\b(?:show|open) (?:me )?your legs\b`],
  [
    "sexual",
    "hard|wet|horny|naked",
    raw`\bi(?:['’]?m| am) (?:so )?(?:hard|wet|horny|naked) (?:rn|right now|for|thinking|in bed|atm)\b`,
  ],
  ["sexual", "sleep", raw`\bto sleep with (?:tonight|me|in|now)\b`],
  ["sexual", "position", raw`\bfavou?rite (?:sex )?position (?:in bed|baby)|\bsex position\b`],
  ["sexual", "touch", raw`\btouch (?:you|u) (?:there|down|all over)\b`],
  [
    "sexual",
    "wank|fuck|shag|sex|jerk|cum",
    raw`\b(?:wank|fuck|shag|sex|jerk|cum) (?:buddy|mate|partner|pal|friend)\b`,
  ],
  [
    "sexual",
    "hot|naughty|horny|sexy|slutty",
    raw`\b(?:hot|naughty|horny|sexy|slutty) (?:girls?|babes?|singles|students?|teens?|moms?|mums?) (?:on|in your|near|waiting|live|want)\b`,
  ],
  [
    "sexual",
    "pay|paying|cash",
    raw`\b(?:pay|paying|cash) for (?:vids|pics|photos|feet|socks|nudes)\b`,
  ],
  ["sexual", "feet", raw`\bpics? of (?:your |ur )?feet\b`],
  [
    "sexual",
    "selling|sell|buy",
    raw`\b(?:selling|sell|buy my) (?:vids|pics|nudes|content|panties|socks)\b`,
  ],

  [
    "sexual",
    "cum|wank|jerk|masturbate|breed|dominate|serve|lick|please|satisfy|trade|swap|cuddle|eat|use|suck|fuck|nude|nudes|kinky|horny|naughty|freaky|dirty|submissive|slutty|seggs|sex|sext|nudes",
    raw`\b(?:looking for|looking 4|lf|seeking|want|need|any|who['’]s a|where (?:are|r)) (?:an? |some |the |all )?(?:[\w-]{2,12} ){0,2}(?:f|fem|girls?|wom[ae]n|females?|lad(?:y|ies)|guys?|boys?|wi(?:fe|ves)|mums?|moms?|couples?|subs?|bottoms?|tops?|someone|anyone|slut|milfs?|dudes?|men|man)\b[^.!?\n]{0,25}\b(?:cum|wank|jerk|masturbate|breed|dominate|serve me|lick|please me|satisfy|trade pics|swap pics|cuddle naked|suck|nudes?|kinky|horny|naughty|freaky|dirty|submissive|slutty|seggs|sex|sext\w*)\b`,
  ],
  [
    "sexual",
    "{part}|tatas|tiddies|titties|tiddy|bewbs|boobies|jugs|knockers|coochie|cooter|punani|schlong|glizzy|booty|breasts",
    raw`\b(?:see|touch|suck|lick|squeeze|taste|kiss|grab|motorboat|play with|show|pics? of|love|like|stare at|nice|worship|feel|rub|eat|smell|sniff|spank) (?:me )?(?:ur|your|dem|them|those|u r|some) (?:\w{2,10} )?(?:{part}|tatas|ta tas|tiddies|titties|tiddy|bewbs|boobies|jugs|knockers|coochie|cooter|punani|schlong|glizzy|booty|breasts|thong|lingerie)\b(?!\s(?:language|guard|wash|count|weight|clock|spray))`,
  ],
  [
    "sexual",
    "inch|inches|in",
    raw`\b(?:[6-9]|1[0-2]|six|seven|eight|nine|ten)(?:\.5)?[ -]?(?:inch(?:es|er)?|in|")\s(?:of )?(?:thick|hard|uncut|cut|big|cock|dick|hung|d|for (?:you|u)|dripping|meat|black|throbbing)\b`,
  ],
  [
    "sexual",
    "dick|cock|boobs|tits|ass|hole|breasts|chest|there|pussy",
    raw`\bhow (?:big|tight|wet|hairy|hard|deep|long|thick|perky) (?:is|are|r) (?:ur|your|u|you) (?:dick|cock|pussy|boobs|tits|ass|hole|breasts|chest|down there|thing|rack|butt)\b`,
  ],
  [
    "sexual",
    "smash|bang|bone|pound|rail|shag|plow|hump|motorboat|spank|ravish|devour|dominate|choke|pin|breed|strip|taste|undress|ride|inside|kiss",
    raw`\b(?:want to|wanna|would|i['’]?d|could|gonna|let me|love to|can i|i['’]?ll) (?:so |totally |love to |absolutely |just |like to |kiss and )?(?:smash (?:you|u|that) (?:rn|tonight|so|all|hard)|bang (?:you|u)|bone (?:you|u)|pound (?:you|u|your|ur|that)|rail (?:you|u)|shag (?:you|u)|plow|hump (?:you|u)|motorboat|spank (?:you|u)|ravish|devour (?:you|u)|dominate (?:you|u)|choke (?:you|u) while|pin (?:you|u) (?:down|against)|breed (?:you|u)|strip (?:you|u)|taste (?:you|u)|undress (?:you|u)|ride (?:you|u|ur|your) (?:all|face|cock|dick|hard|till)|be inside (?:you|u)|kiss (?:you|u|ur|your) (?:all over|neck|down|thighs|everywhere))\b`,
  ],
  [
    "sexual",
    "{part}|top|shirt|clothes|pants|underwear|knickers|dress|skirt",
    raw`\b(?:take|taking|slip|pull|get) (?:(?:off (?:your|ur|those|that)|(?:your|ur)) (?:top|shirt|bra|panties|clothes|pants|underwear|knickers|dress|skirt))(?: off)? (?:for me|now|on cam|baby|slowly|and (?:show|send|let))`,
  ],
  [
    "sexual",
    "fun|chat|talk|time|company|action",
    raw`\b(?:up for|down for|want|wanna|fancy|looking for|need|have|up 4|who wants) (?:some |a bit of |any )?(?:naughty|dirty|adult|kinky|hot|spicy|discreet|nsa|steamy|filthy|no strings) (?:fun|chat|talk|time|company|action|convo)\b`,
  ],
  [
    "sexual",
    "{part}|curves|legs|lips|uniform|skirt|thighs|hips|mouth|feet",
    raw`\b(?:your|ur) (?:body|curves|legs|lips|uniform|skirt|thighs|hips|ass|butt|boobs|tits|mouth|feet|bum) (?:is|are|look|looks|must (?:be|taste|feel)|would (?:look|feel|taste)) (?:so |really |too |fucking |damn )?(?:hot|sexy|fuckable|delicious|amazing|good (?:on|around|wrapped)|perfect for|tight|tasty|yummy)\b`,
  ],
  [
    "sexual",
    "knees|mouth|face|cock|dick|lap|bed|shower|throat",
    raw`\b(?:you['’]?d|you would|u['’]?d|bet (?:you|u)|imagine (?:you|u)|picture (?:you|u)|wish (?:you|u) were|want (?:you|u)|need (?:you|u)) (?:look |be |look so |so )?(?:\w+ )?(?:on (?:your|ur|my) (?:knees|face|cock|dick|lap)|(?:sitting |riding |bouncing )?on my (?:face|lap|cock|dick|bed)|in my (?:bed|mouth|shower)|under me|on top of me|beneath me|bent over|moaning|screaming my name)\b`,
  ],
  [
    "sexual",
    "taste|swallow|tight|naked|bed|dreams|fantasi|wet|sit",
    raw`\b(?:bet (?:you|u) taste|(?:wonder|tell me|know) (?:what|how) (?:you|u) (?:taste|look (?:naked|nude|without)|moan|feel inside)|do (?:you|u) sleep naked|(?:had|having) (?:a )?(?:wet|dirty) dreams? about (?:you|u)|fantasi[sz](?:e|ing) about (?:you|u|your|ur)|come sit on)\b`,
  ],
  [
    "sexual",
    "horny|hard|hung|thick|wet|bbw|bwc|bbc|sext|dirty|naughty|kinky|nsa|fwb|dtf|nudes|trade|cam|uncut|bi|curious|anal|feet|daddy|sub|dom|seggs",
    raw`\b(?:(?:m|f|mf|ftm|mtf|male|female|guy|man|top|vers)\s?[2-6]\d|(?:2|3|4|5|6|18|19)\d?\s?(?:m|f|mf|male))\b[^.!?\n]{0,40}\b(?:horny|hard|hung|thick cock|wet|bbw|bwc|bbc|sext\w*|dirty|naughty|kinky|nsa|fwb|dtf|nudes|trade pics|cam fun|uncut|anal|daddy|sub|dom|seggs)\b`,
  ],
  ["spam", "home", raw`\bwork from home\b[^.!?\n]{0,14}(?:\bearn\b|\bmake\b|[$€£]\d)`],
  [
    "spam",
    "free",
    raw`\b(?:win|get|claim) (?:a|an|your|ur) free (?:iphone|ipad|macbook|laptop|gift|voucher|phone|ps5|holiday|car)\b`,
  ],
  ["spam", "paid", raw`\bget paid to\b`],
  ["spam", "day|week|month", raw`\bmake [$€£]?\d[\d,]{2,7}k? (?:a|per) (?:day|week|month)\b`],
  ["spam", "essays", raw`\bessays? written\b`],
  ["spam", "cash", raw`\bcash for your (?:bank|account|card)\b`],
  [
    "spam",
    "menu|rates|prices?",
    raw`\b(?:dm|call|text|message|msg) (?:me )?for (?:menu|rates|prices?)\b`,
  ],
  ["spam", "invest", raw`\binvest [$€£]?\d[\d,]*k?\s(?:and\s)?(?:get|make|receive|earn|today)\b`],
  ["spam", "hire", raw`\bhire us to\b`],
  [
    "spam",
    "exams?|essay|assignments|dissertations|coursework|quizzes",
    raw`\b(?:i|we)(?:['’]ll| can| will)? (?:do|take|sit|write|handle) (?:your |all )?(?:exams?|essays?|assignments?|dissertations?|coursework|quizzes)\s(?:for (?:you|students|others)|cheap)`,
  ],
  ["spam", "returns|profits|gains|money", raw`\b\d{1,4}x (?:returns?|profits?|gains|your money)\b`],
  [
    "spam",
    "{work}",
    raw`\b{work}\b[^\n]{0,90}(?:\bturnitin (?:safe|proof|free|report)|\bplagiarism[ -]free|\b(?:phd|expert|native|professional|pro|masters) writers?|\bhours? turnaround|\bfirst order|[£$€]\s?\d+ (?:a|per) page|\d (?:quid|bucks|dollars) (?:a|per) page|\bpay (?:me )?(?:after|and i)\b|\ba\+? (?:is )?guaranteed|\b(?:grades?|pass|first|results?) guaranteed|\bguaranteed (?:a|pass|grade|first)|\bcheap rates|\breferences available|\b(?:we|i)(?:['’]ll| will| can)? (?:write|do|sit|take|ace|handle|finish|complete) (?:it|them|yours|the (?:entire|whole) thing|everything|all of it|that) for (?:you|u|cash)|\bi['’]ll do (?:the (?:entire|whole) thing|it all)|\bdm (?:me )?for (?:help|quote|price)|\bhit (?:me|us) up)`,
  ],
  [
    "spam",
    "{work}|test|paper|report|class|course",
    raw`\b(?:we|i|our (?:team|writers|tutors))(?:['’]ll| will| can|['’]d)? (?:sit|ace|do|write|take|complete|handle|finish) (?:your|ur|any|all your) (?:online |final |whole |entire |uni |maths? |college )*(?:{work}|test|paper|report|class|course)\b(?! (?:seriously|next|with me|into|personally|home))`,
  ],
  [
    "spam",
    "motivated|driven|hungry|serious|committed|assistants|students|models|people|ppl|girls|ladies",
    raw`\b(?:recruiting|hiring|seeking|looking for|need|wanted)\b[^.!?\n]{0,16}\b(?:motivated|hungry|serious|committed|hard[ -]?working|coachable) (?:people|ppl|individuals|students|girls|guys|women|men|ladies|females)\b|\b(?:hiring|recruiting) (?:online|remote|home|virtual|part[ -]time|students?|girls|models|freshers)\b[^\n]{0,60}(?:daily|a day|per day|weekly|no (?:interview|experience)|\bfee\b|deposit|dm|whatsapp|telegram|[$£€]\s?\d|\d+ (?:dollars|quid|bucks|pounds))`,
  ],
  [
    "spam",
    "bank|paypal|revolut|monzo|wise|barclays|hsbc|chase|cash|debit|student",
    raw`\b(?:rent|lend|loan|sell|borrow|buy|buying|hire)(?: us| me| out)? (?:your|ur) (?:\w+ )?(?:bank|revolut|monzo|paypal|wise|barclays|hsbc|chase|cash ?app|debit)\s(?:account|card)s?\b|\b(?:receive|move|transfer|hold|clean|cash out|run)\b[^.!?\n]{0,20}\b(?:through|via|into|in|thru) (?:your|ur) (?:bank|account|card|paypal|revolut|monzo)`,
  ],
  [
    "spam",
    "double|doubles|doubling|triple|triples|tripling|multipl|flip|flips|grow|grows",
    raw`\b(?:doubles?|doubling|triples?|tripling|multipl(?:y|ies)|flips?|grows?) (?:your|ur|any) (?:\w+ )?(?:deposit|money|investment|stake|crypto|btc|bitcoin|savings|coins?|cash|funds|balance|eth|portfolio)\b`,
  ],
  [
    "spam",
    "followers?|subs|subscribers?|likes|views|streams|plays|reviews?|retweets|upvotes",
    raw`(?:\d[\d,.]*k?|\b(?:real|active|cheap|cheapest|instant|organic|gain|buy|boost|more|get|star|stars|verified)) (?:[\w]{2,12} ){0,2}(?:followers?|subs|subscribers?|likes|views|streams|plays|reviews?|retweets|upvotes)\b[^.!?\n]{0,40}(?:\bcheap|[£$€]\s?\d|\d (?:bucks|quid|dollars|each|apiece|euros)|\bbucks\b|\bpanel\b|\binstant|\bdm\b|\bapiece|\bguaranteed\b|\bno drops?\b|\bfor sale\b|\bdelivered\b|\bdelivery\b|\bfor (?:a|one|\d+) (?:dollars?|quid|pounds?|bucks?|fiver|tenner)\b|\bcash ?app\b|\bpaypal\b|\bper (?:1k|100|1000)\b|\bprice list\b)`,
  ],
  [
    "spam",
    "turned|turn|turning|turns|flipped",
    raw`\b(?:turn(?:ed|s|ing)?|flipped) (?:my |a |just |only )?[$€£]?\s?\d[\d,.]*k?\s?(?:quid |bucks |dollars |pounds |euros |usd |eth |btc )?(?:in)?to [$€£]?\s?\d`,
  ],
  [
    "spam",
    "wallet|moon|presale|gem|airdrop|whitelist|launch",
    raw`\bpresale\b[^.!?\n]{0,40}\b(?:token|coin|\d+x|wallet|bonus|eth|sol|moon|whitelist)|\$[a-z]{3,12}\b[^.!?\n]{0,40}\b(?:presale|moon|\d+x|launch|airdrop|gem|whitelist)|\b\d{2,4}x (?:easy|gem|soon|potential|coin|token|gains)`,
  ],
  [
    "spam",
    "credit",
    raw`\b(?:bad|poor|no|terrible) credit\b[^\n]{0,50}\b(?:no problem|welcome|accepted|same day|instant|approved|fee|apply|no worries)\b`,
  ],
  [
    "spam",
    "made|make|making|earn|earned|earning|cleared|cashed|pulled",
    raw`\b(?:made|make|making|earn|earned|earning|cleared|pulled in|cashed) (?:over |up to |about |like |around )?[$€£]?\s?\d[\d,.]*k?\s?[$€£]?(?: dollars| bucks| quid| pounds)? ?(?:\/|a |per |this |last |every |in (?:a|one|my first|two|2) |each )(?:day|week|month|hour|weekend)\b[^\n]{0,70}\b(?:ask me|comment|dm|message me|msg me|inbox|re-?posting|copy(?:ing)? and past|from (?:your|my|their) phone|no (?:skills?|experience)|only (?:like|watch|click)|liking|just (?:by|like|watch|click)|join|my (?:team|mentor)|link|sign up|slots|spots)\b`,
  ],
  [
    "spam",
    "deposit",
    raw`\bdeposit (?:[£$€]\s?)?\d+\b[^.!?\n]{0,14}\b(?:get|play with|receive|win|earn|bonus)\b|\bdeposit to (?:unlock|start|activate|begin|release)\b`,
  ],
  [
    "gambling",
    "acca|accas|tipster|tipsters|tips|picks|bets|parlay|odds|winners",
    raw`\b(?:acca|tipster|tips|picks|bets|parlay|odds|winners)s?\b[^\n]{0,60}\b(?:join (?:the|my|our)|\d+ to join|vip|win rate|strike rate|in a row|dm|locked|channel|guaranteed|message me|telegram|subscribe)\b`,
  ],
  [
    "drugs",
    "{drug}|vape",
    raw`\b(?:{drug}|vape carts)\b(?:[ ,/&+]{1,3}(?:and |n |or |some )?(?:{drug})\b){1,}[^\n]{0,50}(?:\bmenu\b|\bhmu\b|\bhit me up\b|\bdm\b|\bdelivery\b|\bdrops?\b|\bplug\b|🔌|\bbulk\b|\bprices?\b|\beach\b|\bper g\b|\bquid\b|\bnext day\b|\btested\b|\btext\b|\bcash ?app\b|\bwickr\b|\btele(?:gram)?\b|\bin stock\b|\bholla\b|\bsale\b|\bavailable\b|\bdeals?\b|\bdiscount|\bworldwide\b|\bvendor|\bask for the list|\bships?\b|\bstealth|\bdiscreet)`,
  ],
  [
    "drugs",
    "{drug}",
    raw`\b(?:weed|bud|zaza|kush|ket|ketamine|coke|molly|mandy|mdma|percs?|xans?|xannies|addys|shrooms|acid tabs|tabs|edibles|thc gummies|carts|pressies|pingers|meth|benzos|mcat|2cb|dmt|ghb|cocaine|heroin)\b[^.!?\n]{0,12}(?:[£$€]\s?\d+|\b\d{1,3}) (?:each|a pop|a pill|a tab|a bag|per (?:g|gram|pill|tab)|a g|a gram|quid|or \d+ for)\b|\b(?:shrooms|edibles|carts|xans|addys|percs|pressies|weed|bud|mdma|coke|ket) 4 sale\b`,
  ],
  [
    "drugs",
    "{drug}",
    raw`\b(?:anyone|anybody|who|some(?:one|body)|need|looking for|where can i|where to|know where to) (?:[\w']{1,8} ){0,3}(?:cop|score|get|find|buy|selling|sell|got|after|link|deal(?:ing)?) (?:me |some |any |a bit of |a bag of |the )*(?:weed|bud|loud|zaza|kush|ket|coke|molly|mandy|mdma|percs|xans|xannies|addys|shrooms|acid|edibles|carts|pressies|pingers|meth|benzos|mcat|2cb|dmt|ghb|cocaine|heroin|lsd)\b(?! (?:killer|whack|zero|bottle|can))`,
  ],
  [
    "solicitation",
    "tuition|rent|bills|fees|studies|shopping|nails|lifestyle|loan|expenses",
    raw`\b(?:pay|cover|fund|sponsor|paying|covering|sort out|take care of|help with) (?:for )?(?:your|ur|ya|a girl['’]?s|her) (?:\w+ )?(?:tuition|rent|bills|fees|studies|shopping|nails|lifestyle|student loan|expenses)\b(?![^.!?\n]{0,20}\b(?:scholarship|council|parents|bank|landlord)\b)`,
  ],
  [
    "solicitation",
    "tip|pay|send",
    raw`\b(?:tip|pay|send) me [£$€]?\d+[^.!?\n]{0,12}(?:and|for|4) (?:i['’]?ll|i will|a|my|you get|some)\b[^.!?\n]{0,14}\b(?:show|send|pics?|vids?|nudes?|everything|private|strip)\b`,
  ],
  [
    "solicitation",
    "treat|spoil|pamper|sponsor|fund|support",
    raw`\b(?:looking for|lf|seeking|want|need) an? (?:\w+ ){0,3}(?:student|girl|woman|lady|boy|guy|babe|princess|gf)\s(?:i can |to )(?:treat|spoil|pamper|sponsor|fund|support)\b`,
  ],
  [
    "solicitation",
    "gentleman|gent|businessman|benefactor|sponsor|sugar|daddy|man|guy|bf|milf|woman|lady",
    raw`\b(?:generous|older|mature|rich|wealthy|successful|discreet|married|well[ -]off) (?:\w+ )?(?:gentleman|gent|businessman|benefactor|sponsor|sugar|daddy|man|guy|bf|woman|lady)\b[^.!?\n]{0,20}\b(?:seeks|seeking|looking for|lf|wants a|wanting|offers|offering|here for|will (?:pay|spoil|treat|help|fund)|willing to|ready to|pays|4)\b`,
  ],
  [
    "solicitation",
    "busty|curvy|petite|tgirl|masseuse|companion|brunette|blonde|redhead|escort|milf|latina|hostess|stripper|model|lads|gents|gentlemen",
    raw`\b(?:busty|curvy|petite|tgirl|masseuse|companion|brunette|blonde|redhead|latina|ebony|escort|stripper|gents|gentlemen|(?:asian|thai|russian|brazilian|chinese|japanese|korean) (?:girl|lady|beauty|babe|massage))\b[^\n]{0,60}\b(?:available|visiting|in town|text to book|call to book|book now|24\/7|outcalls?|incalls?|hotel|full service|half hour|an hour|per hour|\d{2,3} (?:for )?(?:an |per |half |the )?(?:hour|half hour|hr|night|h\b|30|45|60)|discreet|cash up ?front|no rush)\b`,
  ],
  [
    "solicitation",
    "hour|hr|min|mins|minutes|night|hh",
    raw`(?:[£$€]\s?)?\b\d{2,3}\s?(?:£|€|\$|quid|bucks|roses|pounds|euros)?\s?(?:\/|for (?:a |an |the |half an? )?|an |a |per |half |half an )\s?(?:hour|hr|hh|half hour|night|\d{2} ?min(?:s|utes)?)\b[^\n]{0,60}\b(?:discreet|verified|incall|outcall|gfe|massage|no rush|no time ?wasters|hotel|sexy|busty|extras|girlfriend experience|naughty|companion)\b|\b(?:massage|gfe|companion|girlfriend|body to body|incall|outcall|masseuse)\b[^\n]{0,60}(?:[£$€]\s?)?\b\d{2,3}\s?(?:mins? |minutes |\/|for |an |per |half )\s?(?:a |an |half )?(?:hour|hr|hh|night|\d{2} ?min)`,
  ],
  [
    "solicitation",
    "content|customs|vids?|clips?|nudes|noods|bathwater|panties|thongs|worn|feet|premium|vip|underwear|pics?|custom",
    raw`\b(?:selling|i sell|sells|buy|unlock|check out|see) (?:my|ur|her|all my|private|exclusive)? ?(?:content|customs|vids|clips|nudes|noods|bathwater|panties|thongs|worn socks|feet|premium|vip content|underwear)\b|\bcustoms (?:are )?(?:open|available|on|welcome)\b|\b\d{1,3} (?:for|per|a) (?:\d{1,2} )?(?:pics?|vids?|clips?|nudes|custom)\b`,
  ],
  [
    "handle",
    "snp|snap|insta|ig|gram|telegram|tele|tg|what|wa|kik|disc|dc|fb|messenger|wickr|threema|signal|wechat|wee|we|viber|skype|bluesky|bsky|bereal|kakao|zalo|app",
    raw`\b(?:add|find|message|msg|hmu|hit me up|catch|get|text|dm|talk|chat|move|switch|take (?:this|it)|continue|write|reach|contact|follow|look me up|search me|i['’]?m|im|reply|faster|swap)\b[^.!?\n]{0,24}\b(?:on|to|over to|via|over on|thru|through|at|into|in) (?:my |the )?(?:snp|snapp?|snapchat|insta|instagram|ig|gram|telegram|tele|tg|whats ?app|wa|kik|disc|dc|discord|disc0rd|fb|messenger|wickr|threema|signal|wechat|wee chat|we chat|viber|skype|bluesky|bsky|bereal|kakao(?:talk)?|zalo|(?:green|blue|yellow|purple|ghost|plane|bird|other|gram) app|another app|a different app|the other app)\b(?! (?:group chat|server is|is down|was down|class|for work|stor(?:y|ies)))`,
  ],
  [
    "handle",
    "yellow|green|blue|purple|ghost|plane|paper|white",
    raw`\b(?:ghost|plane|yellow|green|purple|blue|bubbles?|bird) app\b[^\n]{0,40}\b(?:add|find|me|my|same name|there|i['’]?m|user|id)\b|\b(?:add|find|my|same name|i['’]?m|user|id|got|move|on)\b[^\n]{0,24}\b(?:yellow|green|blue|purple|white)? ?(?:ghost|plane|yellow|green|purple|blue|bubbles?) app\b`,
  ],
  [
    "spam",
    "webcam|cam|onlyfans|content|modelling|massage|escort|adult|packing|surveys",
    raw`\b(?:need|looking for|want|hiring) (?:girls?|guys?|models?|females?|ladies|people|students?)\s(?:for|to do)\s(?:webcam|cam|onlyfans|content|modelling|massage|escort\w*|adult|packing|surveys)\b`,
  ],
  [
    "spam",
    "check|follow|subscribe",
    raw`\b(?:check out|follow|subscribe to) my (?:onlyfans|of|channel|mixtape|soundcloud|store|page)\b`,
  ],
  ["spam", "code", raw`\buse (?:my )?code \w{3,12} (?:for|to get|at)\b`],
  ["spam", "off", raw`\b\d{2}% off (?:everything|today|now|all|with)\b`],
  [
    "spam",
    "assignment|essay|dissertation|thesis|coursework|homework",
    raw`\b(?:assignment|essay|dissertation|thesis|coursework|homework) (?:writers?|service|help|experts?|done|writing)\b[^.!?\n]{0,30}\b(?:cheap|fast|guaranteed|dm|best|price|whatsapp|now)\b`,
  ],
  ["spam", "followers", raw`\bfollowers\b[^.!?\n]{0,20}(?:for sale|quid|£|\$|cheap)`],
  [
    "spam",
    "rich",
    raw`\bget rich\b[^.!?\n]{0,20}\b(?:trading|forex|crypto|bitcoin|quick|fast|now|with)\b`,
  ],
  [
    "spam",
    "forex|crypto|bitcoin",
    raw`\b(?:forex|crypto|bitcoin)\b[^.!?\n]{0,25}\b(?:message me|dm|join|guaranteed|profits?|returns)\b`,
  ],
  [
    "spam",
    "loans?",
    raw`\bloans?\b[^.!?\n]{0,20}\b(?:bad credit|instant|no credit|approved|no checks?)\b`,
  ],
];
/** Pictures, and what is drawn with signs. */
export const SIGNS = /[\ud83c-\ud83e]|8=|\(_|\(\s?[.o]/;
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
