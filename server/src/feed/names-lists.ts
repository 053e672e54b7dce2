/* Small lists by which a private person's name is told from other words (F9). Words by spaces. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Frequent surnames of one character. Those that are mostly other words (文, 于, 单, 成, 时) are left out. */
export const SURNAMES: ReadonlySet<string> = new Set(
  "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施牛樊葛邢安齐庞颜梅庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪童凌毕裴霍成路",
);

/** Surnames of two. */
export const LONG_SURNAMES = words(
  "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 司空 端木 百里 南宫 夏侯 轩辕 独孤 呼延",
);

/** What is said after a name of somebody whom one knows. */
export const AFTER_NAME =
  "同学 老师 先生 女士 小姐 学长 学姐 学弟 学妹 师兄 师姐 师弟 师妹 教授 医生 主任 班长 阿姨 叔叔".split(
    " ",
  );

/** What is said before one. */
export const BEFORE_NAME =
  "我叫 他叫 她叫 名叫 名字叫 名字是 个叫 人叫 生叫 孩叫 友叫 师叫 学叫 桌叫 蜜叫 班的 寝室的 宿舍的 隔壁的 同桌 室友 舍友 闺蜜 同学 学长 学姐 学弟 学妹 班长 辅导员 导师 男朋友 女朋友 男友 女友".split(
    " ",
  );

/** What may follow a name that something stands before, where the sentence goes on. */
export const GOES_ON: ReadonlySet<string> = new Set(
  "的是在和跟与他她我你也都就又还才却把对说很真太来去被给让有没从向会要想不已今昨总最正",
);

/** No part of a given name. */
export const NOT_GIVEN: ReadonlySet<string> = new Set(
  "的是在和跟了着过我你他她它们这那个吗呢吧啊也都就又还把被给让不没有很最么什谁某几每只",
);

/** Words that begin as a name does. */
export const NOT_NAMES = words(`
  高中 高一 高二 高三 高数 高考 高校 高等 高级 高冷 高年 高年级 高个 高个子 高大 高兴 高富帅 高职 高层
  任何 任课 任教 任意 任性 周一 周二 周三 周四 周五 周六 周日 周末 周围 周边 周年 周到 马上 马路 马虎 马原
  马戏 马尾 马拉松 马桶 马车 马甲 方便 方便面 方法 方面 方式 方向 方言 方块 金融 金色 金工 金牌 金鱼 金毛 江苏 江西 江南
  江湖 江边 江北 黄色 黄昏 黄山 黄河 黄金 黄牛 白色 白天 白发 白痴 白衣 白马 白领 白云 万能 万一 万分 万物
  万岁 万圣节 程序 程序员 程度 严格 严肃 严厉 严重 严师 温柔 温暖 温州 温顺 何时 何必 何况 何等 何止 何处 何方
  石头 石油 雷同 雷锋 雷电 安静 安全 安慰 安心 安排 安徽 安保 陈旧 陈述 许多 许久 许诺 许愿 孙子 孙女 胡说
  胡闹 胡子 胡同 胡萝卜 林业 林子 林荫 林间 叶子 叶片 罗马 宋朝 宋代 唐朝 唐代 唐诗 董事 董事长 谢谢 谢绝
  韩国 韩语 韩剧 杨树 杨梅 杨桃 李子 李四 王者 王者荣耀 王子 王国 王八 王五 王牌 王座 张开 张口 张嘴 张三
  张扬 张望 刘海 朱红 沈阳 曾经 曾在 肖像 田径 田间 田野 余下 余生 余额 余光 余地 杜绝 丁点 丁香 夏天 夏日
  夏令 夏令营 夏季 钟头 钟爱 钟情 钟点 范围 范例 范文 秦朝 康复 康德 毛病 毛巾 毛衣 毛概 毛笔 毛绒 史上 史学
  史纲 史诗 顾客 顾虑 顾问 龙头 龙舟 龙猫 段落 段子 段位 章节 章鱼 钱包 钱财 汤圆 汤姆 贺卡 黎明 陆续 陆地
  陆军 关于 关心 关系 关门 欧洲 欧美 左右 左边 左撇子 包子 包括 包容 宁愿 宁可 宁波 宁静 尚且 符合 符号 舒服
  舒适 纪念 纪律 童年 童话 毕业 毕竟 毕设 路人 路上 路边 路过 成绩 成功 成年 成为 祝福 祝你 兰州 兰花 焦虑
  梅花 梅雨 庄重 武术 武汉 戴着 戴眼镜 莫名 莫非 牛奶 牛肉 牛排 申请 申报 柳树 甘肃 岳父 岳母 鲁莽 齐全 齐刘海
  苏州 苏打 徐州 郑州 郑重 梁山 曹县 广东 吴语 吴江 赵六 海南 贾府 贵州 施工 施压 游泳 孔子 孟子 颜色 颜值
  熊猫 熊孩子 侯爵 傅里叶 付出 付款 付钱 郭沫 冯唐 霍乱 姜汁 葛根 樊笼 蔡徐坤 程老 石化
`);

/** Everybody knows them: nobody's secret. */
export const PUBLIC_ZH = words(`
  周杰伦 李白 杜甫 王菲 刘德华 张国荣 林俊杰 陈奕迅 邓紫棋 王心凌 孙燕姿 李荣浩 薛之谦 毛不易 周深 马云 马化腾
  雷军 任正非 董明珠 钟南山 袁隆平 毛泽东 邓小平 周恩来 习近平 江泽民 胡锦涛 孙中山 蒋介石 曹操 刘备 关羽 张飞
  诸葛亮 孙悟空 贾宝玉 林黛玉 李清照 苏轼 王维 白居易 韩愈 柳宗元 欧阳修 司马迁 司马光 张爱玲 余华 莫言 钱钟书
  沈从文 金庸 李小龙 成龙 刘翔 姚明 李宁 郭德纲 黄渤 沈腾 张三丰 杨过 郭靖 黄蓉 令狐冲 鲁迅 王小波 史铁生 张艺谋
  陈凯歌 易中天 罗永浩 李佳琦 张学友 梁朝伟 周星驰 周润发 汤唯 章子怡 杨幂 罗翔 张雪峰 高晓松 李健 朴树
`);

/** Given names by which an English full name is known; those that are plain words (Will, May, Hope) are left out. */
export const GIVEN_EN = words(`
  Aaron Adam Alan Albert Alex Alexander Alice Alison Amanda Amber Amy Andrea Andrew Angela Anna Anne Anthony Arthur
  Barbara Beatrice Benjamin Ben Beth Bob Brandon Brenda Brian Bruce Caleb Cameron Carl Carlos Carol Caroline Catherine
  Charles Charlie Charlotte Chloe Chris Christina Christine Christopher Claire Clara Connor Cynthia Daniel Dave David
  Deborah Dennis Diana Donald Donna Dorothy Dylan Edward Eleanor Elena Elizabeth Ella Ellen Emily Emma Eric Ethan Eva
  Evan Evelyn Fiona Frances Francis Frank Fred Gabriel Gary George Georgia Gerald Gloria Greg Gregory Hannah Harold Harry
  Heather Helen Henry Ian Isaac Isabella Jack Jackie Jacob Jake James Jamie Jane Janet Jason Jeff Jeffrey Jennifer Jenny
  Jeremy Jerry Jess Jessica Jim Jimmy Joan Joe John Johnny Jonathan Jose Joseph Josh Joshua Joyce Juan Judith Julia Julie
  Justin Karen Kate Katherine Kathy Katie Keith Kelly Ken Kenneth Kevin Kim Kimberly Kyle Larry Laura Lauren Leah Leo
  Liam Linda Lisa Logan Louis Louise Lucas Lucy Luke Margaret Maria Marie Martha Martin Mary Matt Matthew Megan Melissa
  Michael Michelle Mike Mohammed Monica Nancy Natalie Nathan Nicholas Nick Nicole Nina Noah Nora Oliver Olivia Oscar
  Pamela Patricia Patrick Paul Paula Peter Phil Philip Rachel Ralph Raymond Rebecca Richard Rob Robert Roger Ron Ronald
  Roy Russell Ruth Ryan Sally Sam Samantha Samuel Sandra Sara Sarah Scott Sean Sharon Simon Sophia Sophie Stephanie
  Stephen Steve Steven Stuart Sue Susan Tara Ted Teresa Terry Theresa Thomas Tim Timothy Todd Tom Tony Tracy Tyler
  Vanessa Veronica Victor Victoria Vincent Walter Wendy William Zachary Zoe
`);

/** Behind a given name: not a surname, but what is called after somebody, or the sentence going on. */
export const NOT_SURNAME_EN = words(`
  Street Road Avenue Lane Park College University Hall Station Hospital School Church Cathedral Library House Day Bar
  Cafe Café Hotel Bridge Square Island River Lake Airport Stadium Award Awards Prize Foundation Institute Museum Building
  Center Centre Tower Bay Beach Falls Memorial Court Gate Garden Gardens Tech State Talk Club Theatre Theater Cup
  I And Is Was Are The A An You My We He She It They But Or If So Not At In On To For Of With From Has Had Did Does Do
  Will Would Can Could Says Said Who Why What When Where How That This Then Please Just Never Always Maybe Yes No
  Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August September
  October November December Christmas English Chinese French German American
`);

/** Two words, `_` between, that everybody knows: people in public, brands, places, figures. */
export const PUBLIC_EN = words(
  `
  Bruce_Lee Bruce_Wayne Charles_Darwin Charles_Dickens Charlie_Chaplin Charlie_Brown Charlotte_Bronte Chris_Evans
  David_Beckham David_Bowie Diana_Ross Donald_Trump Donald_Duck Elizabeth_Taylor Emily_Dickinson Emma_Watson Eric_Clapton
  Frank_Sinatra Francis_Bacon George_Orwell George_Washington George_Bush Georgia_Tech Harry_Potter Harry_Styles
  Helen_Keller Henry_Ford Isaac_Newton Jack_Daniels Jack_Daniel Jack_Sparrow Jack_Ma James_Bond James_Joyce Jane_Austen
  Jane_Eyre Jane_Doe Jerry_Springer Jennifer_Lopez Jim_Beam Jimmy_Choo Joe_Biden John_Lennon John_Doe John_Deere
  John_Wick John_Keats John_Cage Johnny_Depp Johnny_Cash Joe_Rogan Julia_Roberts Justin_Bieber Kate_Bush Kate_Spade
  Katy_Perry Kim_Kardashian Kevin_Bacon Lady_Gaga Leo_Messi Louis_Vuitton Louis_Armstrong Lisa_Simpson Luke_Skywalker
  Maria_Callas Marie_Curie Marie_Kondo Martin_Luther Mary_Poppins Mary_Jane Mary_Shelley Michael_Jackson Michael_Jordan
  Michael_Kors Mike_Tyson Nancy_Drew Nick_Cave Noah_Ark Oliver_Twist Oscar_Wilde Patrick_Star Paul_McCartney Paul_Simon
  Peter_Pan Peter_Parker Peter_Rabbit Ralph_Lauren Richard_Nixon Robert_Frost Ryan_Gosling Ryan_Air Sam_Smith
  Scott_Pilgrim Sean_Connery Simon_Cowell Stephen_King Stephen_Hawking Steve_Jobs Ted_Lasso Ted_Talk Ted_Talks
  Thomas_Edison Thomas_Hardy Tim_Hortons Tim_Cook Tom_Hanks Tom_Cruise Tom_Ford Tom_Sawyer Tony_Stark Tony_Hawk
  Victor_Hugo Victoria_Beckham Victoria_Secret Vincent_Gogh Walter_White William_Shakespeare William_Blake Wendy_Darling
  Albert_Einstein Alan_Turing Alice_Munro Adam_Smith Adam_Sandler Andrew_Tate Anna_Karenina Anna_Wintour Anne_Frank
  Arthur_Conan Ben_Affleck Bob_Dylan Bob_Marley Bob_Ross Carl_Jung Emma_Stone Emma_Bovary Kelly_Clarkson Sally_Rooney
`,
);

/** After a title: figures and brands, not somebody whom one knows. */
export const PUBLIC_TITLED = words(
  "Pepper Bean Who Right Wrong Darcy Dalloway Strange Marvel No Robot Fox Bones House Dre Phil Seuss Evil Potato Big Jekyll Watson Martens Beast T Universe World Pacman Doolittle Clean Nobody Perfect Holmes",
);
