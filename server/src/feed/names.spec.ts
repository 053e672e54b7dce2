import { expect } from "chai";
import { findNames } from "./names.ts";
import { rethink } from "./rethink.ts";

/** Of those, four in five at least are to be found; the name is what stands between the bars. */
const NAMED = `
我暗恋|王思琪|同学三年了
昨天|张伟|老师当着全班骂我
其实是|李明|先生先走的
|陈静|女士一直对我很好
喜欢上了|刘子涵|学长，不敢说
|赵雨欣|学姐你听得到吗
我把伞借给了|孙浩|学弟
|周婷|学妹昨天哭了
我叫|林晓东|，今年二十
他叫|黄志强|，住在我楼下
她叫|吴佳怡|的时候总是笑
那个男生名叫|郑凯|，打篮球的
有个叫|何雨桐|的女生
我的名字是|欧阳娜|
隔壁班的|徐子轩|总看我
三班的|高远|又没交作业
我们寝室的|马晓琳|半夜打电话
宿舍的|宋佳|不洗碗
我同桌|谢雨薇|抄我的卷子
室友|韩磊|把我的酒喝了
舍友|唐糖|打呼噜，还不承认，室友|唐宁|也是
闺蜜|冯倩|抢了我男朋友
班长|董浩然|喜欢她
辅导员|袁丽|要我写检讨
导师|沈建国|让我延毕
我男朋友|程宇|不知道我来过这里
女朋友|苏小小|走了
那天|司马晴|同学没有来
|上官婉|老师布置的作业太多
是|诸葛云|学长教会我游泳
|曾敏|教授挂了我
|丁一鸣|医生救了我妈
她叫|叶知秋|，像一首诗
我们班的|潘越|和他打了一架
同学|蒋雯|说她要出国
他叫|石磊|。我再没见过他
学妹|崔英|把花还给了我
|金秀贤|阿姨每天喂猫
男友|余阳|骗了我
那个女孩叫|白雪|
I have a crush on |Emily Carter| from my chemistry class
|Jason Miller| stole my bike and nobody believes me
my roommate |Sarah O'Connor| cries at night
It was |Mrs. Whitfield| who failed me
I never told |Mr Hargreaves| that I cheated
|Dr. Lindqvist| does not know I stopped the pills
Last night |Kevin Nguyen| kissed me
I hate |Rachel Goldberg|'s new boyfriend
tell |Professor Okafor| I am sorry
|Daniel McAllister| lives two floors below me
my boss |Linda Petrov| reads my messages
I still love |Thomas Bergmann|.
|Ms Tanaka| was the only kind teacher
They say |Olivia Brandt| cheated, but it was me
my ex |Ryan Kowalski| has my cat
|Prof. Marchetti| is leaving his wife
|Hannah Smith-Jones| pushed me in third grade
and then |Peter Lindgren| laughed
|Miss Abernathy| from the library knows
Everybody thinks |Chloe Dubois| is an angel
`;

/** Of those, three in a hundred at most are to be marked. */
const NAMELESS = `
高中同学都结婚了
高数老师挂了我一半的人
高三学长说别学这个专业
任课老师从来不点名
任何同学都可以来
白发先生坐在长椅上
方便面我叫了三份
他叫我马上回家
妈妈叫我起床，我又睡着了
朋友叫我周末去爬山
叫外卖的时候写错了地址
李老师人很好
王同学和张同学在一起了
我喜欢的学长毕业了
那个女生叫什么名字来着
老师好，我想请假
同学们都走了，教室很安静
女同学，男同学，老同学，新同学
隔壁班的高个子又来了
我们班的同学都不理我
宿舍的马桶又堵了
寝室的方便面没了
室友马上就要搬走了
室友何时回来我不知道
同学高中毕业就去打工了
我在黄山看日出，哭了
有个叫黄山的地方，我想再去一次
周杰伦的歌陪我长大
他叫周杰伦，不是那个周杰伦
鲁迅先生说过的话
张三同学和李四同学是书里的
王者荣耀里认识的人
毛概老师说话像念经
马原老师点名了
江湖先生是我给猫起的名字
严厉老师的课最难忘
温柔学姐，帅气学长，都不属于我
钱包丢了，身份证也在里面
时间先生，你慢一点
金融学长都去投行了
历史老师退休了
班长马上要换人了
导师严格，但是对我好
班主任老师找我谈话
辅导员关心我，我骗了她
男朋友马虎，又忘了我的生日
女朋友温柔的时候像另一个人
我从苏州来，要到江南去
孙子兵法我读了三遍
路人先生，谢谢你的伞
我想去韩国读书
名字是假的，故事是真的
我叫了一声，没人回答
我叫他走他就走了
毕业那天没有人拥抱我
程序员同桌每天加班
闺蜜许愿的时候没有带我
学长白天睡觉晚上打游戏
同学许多年没有联系
龙舟节我一个人过
我的导师石化了
今天的云很像一只鲸
I never told anybody that I was happy
Will You Marry Me was what I wanted to say
I Love You More Than Words
Harry Potter saved my childhood
We met at Victoria Station in the rain
Taylor Swift makes me cry
I moved to New York and hate it
My Mom Said I Would Fail
Charlotte Street smells of bread
Jane Austen would have laughed at me
he looks like James Bond
I drink Jack Daniels alone
Dr Pepper is my breakfast
Mr Right does not exist
Mary Poppins is my hero
on Monday Anna called me
Anna and I broke up
I miss Kevin
Sarah, I am sorry
Helen Of nowhere
Thomas And me, forever
Georgia State was a mistake
Scott Hall was cold in winter
Bob Dylan at night
Paul Monday
Steve Jobs would not approve
I hate Christmas Eve
We Are The Champions
South America was warm
United States of loneliness
my therapist says I Should Rest
The Great Gatsby made me sad
Ben And Jerry know me well
Frank Talk
Happy Birthday to nobody
Alice In Wonderland is me
Oscar Wilde said it first
Michael Jackson died and I danced
Grace Period
`;

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");
const plain = (line: string): string => line.replaceAll("|", "");
/** Where the bars say that names are. */
function labelled(line: string): string[] {
  return line.split("|").filter((_, i) => i % 2 === 1);
}
const found = (text: string): string[] =>
  findNames(text).map(({ start, end }) => text.slice(start, end));

describe("names", () => {
  it("[F9] of a private person's full names at least four in five are marked, in both languages", () => {
    for (const isChinese of [true, false]) {
      const lines = linesOf(NAMED).filter((line) => /\p{sc=Han}/u.test(line) === isChinese);
      const names = lines.flatMap(labelled);
      const missed = lines.flatMap((line) => {
        const marked = found(plain(line));
        return labelled(line).filter((name) => !marked.some((one) => one.includes(name)));
      });
      expect(names.length).to.be.at.least(20);
      expect(1 - missed.length / names.length, missed.join(", ")).to.be.at.least(0.8);
    }
  });

  it("[F9] of lines that name nobody, at most three in a hundred are marked", () => {
    const lines = linesOf(NAMELESS);
    const wrong = lines.filter((line) => found(line).length > 0);
    expect(lines.length).to.be.at.least(60);
    expect(wrong.length / lines.length, wrong.join(" / ")).to.be.at.most(0.03);
  });

  it("[F9] a name is marked as one, and not twice", () => {
    const text = "同学王伟同学 and Mr Peter Hargreaves, @王伟老师";
    const marks = rethink(text).map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`);
    expect(marks).to.deep.equal(["name: 王伟", "name: Mr Peter Hargreaves", "handle: @王伟老师"]);
  });
});
