#include "privacy/name_tables.h"

#include <algorithm>
#include <vector>

#include "privacy/name_words.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kCharBytes = 3;

/// Surnames that are also words of their own or parts of many.
constexpr std::string_view kWordlike =
    "吉乐黄周马何高林曾田余叶程丁任石金夏付方白江段雷龙史贺毛顾万武钱戴严孔常康易乔文牛庄施温季"
    "岳左包祝柴华苗申齐费童党游成霍纪单盛安冷池谷房解蓝席米封艾车商凤强权燕卓谈宗项梅符屈柏管路"
    "唐宋韩苏许谢陈汤陶钟陆范祁尚梁胡洪欧魏柳鲁焦关麻代曲宁荣甘边农古步满沙查楚肖郁伏景麦伊郎伍蒙";
/// Words above all: a name only where the context says so.
constexpr std::string_view kRareSurnames =
    "元平松富山怀东越丰于向时应水全连明和相计尤丛展官云阳原海支束幸劳师况占战敬青那植"
    "危成";
/// Beside those of words.h.
constexpr std::string_view kMoreSurnames =
    "喻昌花狄贝舒宣诸滑荀惠汲糜邴羿逯桓蒯吉乐於盘肖曲代饶荣宁储缪裘厉戚薄邰屠莘贡濮浦瞿茹习寇沃"
    "巩巢荆竺盖帅鄢仝禹哈闻仓亓旷豆逄訾奉候芮宓皮谌佘阙昝隗郗暴郜宿索籍姬扶宰郦璩扈郏慕鱼容戈暨"
    "居衡弘勾沙查边农古步满楚支束幸劳师况占战敬青那伊展官云阳牧井巴班仰苍钮库藏呼旦撒奇仪凡殳祖"
    "蓬瑞沐初卫張陳劉楊黃趙吳孫馬羅鄭謝許馮韓鄧蕭呂蘇盧蔣賈葉閻鍾陸譚韋龍賀顧龔萬錢嚴湯賴龐顏齊費歐"
    "紀聶關鄒畢單莊蘭滿嶽";

/// The characters of most given names of all generations.
constexpr std::string_view kTypical =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰红玉梅花珍莲凤琴华丹建国志文海波宇浩晨晓雪"
    "婷欣怡佳琪雯嘉子涵梓轩宸泽睿博皓然思雨诗语琳瑶萱彤蕾颖莉倩媛璐薇菲悦妍洁玲燕春香菊翠珠云慧"
    "巧美素淑贞惠芬菁馨瑞钰滢岚娴毓荷茜姗婉蓉鑫鹏飞龙斌辉峰健亮俊永兴良成康林光世胜祥才武新清彬"
    "富顺昌福生贵荣宁庆仁义德财裕忠鸿振弘毅哲翔旭东宏伦翰绍松善民友政谦亨奇朗若鸣朋栋维启克"
    "辰士树炎泰盛雄琛钧冠腾楠榕航昊天乐依可心妮晶莹凯帅阳鹤程森坤乾恒远山峻岩骏铭锋钢铁锐"
    "煜烨焕炳灿炜熙禹尧舜骁鉴銘珊珂珏瑜璇瑾璟瑛琼琦琬玥珺莎莺苗芸芝芹苏茹萍菡蓓蕊薰虹蝶"
    "嫣娅婵婕媚嫦嬿姝姣娇娥娣娉媱嫚惜怜怀忆恬悠愉懿慈憬淼淳深源滨潇澜澄汐沁沛泓洪津润涌渊湘";
/// Fair: in names, and in much else.
constexpr std::string_view kFair =
    "太中儿江一二三大小长少阿根水木金火土石田来喜寿宝银柱锁狗虎马群正方圆真诚爱恩念慕高向星月秋夏冬"
    "梦"
    "安易白蓝青紫黎立守达启传宗祖耀承继学书礼智信孝廉勤俭全保卫兵进前跃革红卫援朝"
    "雷电风云霄汉鼎钟锦绣绮绢纯绵纪纲经纬缘起超越道通达运连逸遥迪逊连常尚尊崇岳峥嵘川州"
    "洲海涯浪沙河湖池泉滔沧浦汝汪沐沫沙柏桦柳桐桃李杏梨棠椿槐榆枫梁栩楷标树植楚槿樱"
    "鸽鹃鹭鸥燕鸾鲲麟麒骥骐驰骋驹牧羽翼翎翠翊聪耘耕肖舟艺苑茂莹菱葆蓬蔚蕴藜虎虞诚诗谊谨谦豪"
    "贤赞赫轶轲辕辽迅进逢逵郁郎酉野量铃铎锡镕镜长门闯阔际陶隽雁霏霖霜露靖韬韵韶"
    "顶项颂颐飒飘香驭魁鲁麦黛默齐卉卓占厚原友双发取召名吉同向君吟吾启咏品哲唯啸善喆嗣"
    "园圣地坚坪垒城培基堂墨士声夫奎奕奖好如妙妹始姬存学宁守宜宝实宣宪宾密寅寒寻尔尚展巍帆希"
    "幸庭廷开弟引强征徽必怀恺悟情惟意慎成才扬承拓择持振挺捷政效教敦斐斯旋旗无日旺昂昆昕昭显晔"
    "晖景智暄暖曙曜曦有服朔本权杉来杭杰松极果柔栎桥楚榜槟欢止正步毓民气沂治法泊波泱"
    "洛济浓涓涣淇渝渤温渺湛满漫潮澍灵炅烈焱煊照熊牧玄率王玖玫珈珉球理瑄甜生用由甫申男画"
    "畅略皎益盈相盼直省真知硕磐祎祐祝神祺禄禅禾秉科秦稳穆章童端竹笑笛筠策简米精素约线细继"
    "维缨罗群老者联聪胤能自至致舒良色艾节芊芃芙芯芮芷苒苓若范茵茗荃荟莘莞菀萌萧葵蒙蓝薪蘅行衍"
    "表西观言训诺谋豫贝赐赛赢路跃辛辰迎近述迢途逍逦造遂采里重野铂铖镛闻阅陆隆雅雍集"
    "青靓鞠音颜飏馥骅骆骞魏鱼鸢麓黄龄艮氏丫娃仔囡毛牛改转引招弟领娣早晚满余多利占有得拴栓";
/// Never in a name: words of grammar, measures, and what ends the names of places and things.
constexpr std::string_view kNever =
    "镇湾的了是在不个这那你我他她它们么吗呢吧啊呀哦哪谁什怎几些把被让给对与及或但而且则因为所以于从"
    "到"
    "将已曾就都也还又再很更非没未别说问称示等每各某该此其何件项条款号楼室亿街巷弄站场馆区"
    "县市乡村厂店部局所院校司社队厦型类级税费证码率额值度期业器机车船房座栋幢组层户间辆套份页"
    "岁时分秒点钟吨米厘斤亩吗您咱啦嘛着过去完做作干看听吃喝打拿叫请找要会能够应须需可被受收付交送"
    "买卖借还欠拒需查办罚诉审判患病痛药院死伤残低差坏旧错误假骗偷抢违犯罪刑后内外间上下左右"
    "只才仅均皆却并令使虽即若否则除按照根据由同跟向往替经据系属第最较极十百千万两半双倍位名"
    "处段路口边旁面里侧楼梯厅桌椅床门窗墙灯电话网站账户";

/// A name may stand behind: prepositions and the verbs whose object is a person.
constexpr std::string_view kBefore =
    "对向由与和跟同给让被请找叫是为把将替经问据及或姓见访送约陪带派称系于子女妻夫父母兄弟姐妹给"
    "谢帮劝骂打救告诉令使像如数有但如而且则即在当若虽因时日月年后前间了到过着的";
/// A name may stand before.
constexpr std::string_view kAfter =
    "家了着过的和与及等在于因从到把被将已向对为是有也还又就都未不来去带给让叫用并则曾系任持才先再刚"
    "正应"
    "又当按经自以所却便只仅均各分共同跟找请问要想能会可得拿买卖借欠住走跑坐站看听打做写教考学骑驾开"
    "生患死伤病入出到离退上下没哭笑接送签受获担前后左作当捐参组回至犯拖拒即终偿归该负你您我他们";
constexpr std::string_view kSpeech = "说称道讲问答喊谈指辩诉述认表反";
constexpr std::string_view kPlace =
    "路街道巷弄桥站场馆园区县市省镇乡村庄湖河江港湾山岛寺庙厂店局院校司社库塔楼厦城苑线湾州府洲"
    "庵坝浜圩渡滩岭沟坊里";
/// The first characters of the words that address_finder.cpp reads.
constexpr std::string_view kUnitFirsts =
    "自新省市小社区县街镇乡大胡花家公广路巷苑村弄组号栋幢座单室层楼";
constexpr std::string_view kForeignSounds =
    "阿埃艾爱安昂奥巴白拜班邦保鲍贝本比彼毕宾波伯勃博卜布查达戴丹道德登邓狄迪蒂丁东杜敦多厄恩尔法"
    "凡范菲费芬丰佛夫弗福富盖甘冈高戈哥格葛根古瓜哈海汉罕豪赫黑亨洪胡华怀霍基吉加贾简杰金津卡凯坎"
    "康考柯科克肯孔库夸奎昆拉莱兰朗劳勒雷里理利莉丽连列林琳留龙隆卢鲁露伦罗洛吕马玛迈麦曼芒毛梅"
    "门蒙米密明缪摩莫墨默姆穆纳娜奈南内尼妮涅宁纽努诺欧帕潘庞培佩彭蓬皮珀普奇齐恰乔切琼丘让热"
    "仁荣如茹儒瑞若撒萨塞赛桑瑟森沙山尚绍舍申圣施什史舒朔斯丝松苏索塔泰坦汤唐陶特腾提田铁廷图"
    "托脱瓦万旺威韦维魏温文翁沃乌伍武西希锡夏香肖谢辛欣雄休许雪逊雅亚延扬耶叶伊易因英尤约翰云泽"
    "扎詹珍朱兹宗卓佐买吐艾合依木玉素甫才次旦增江央措嘎珠顿桑旺姆吾依力孜汗迪再帕别克巴特那仁娃黛"
    "汀梭皓凯文赛弥迦撒蕾妲娅娃薇芙蕾瑟莎黎犹哲肃";

/// Beside those of words.h; the Japanese ones are written with the same characters.
constexpr std::array<std::string_view, 64> kLongSurnames{
    "闻人", "轩辕",   "申屠", "濮阳", "淳于", "单于", "太史", "公冶", "公羊",   "赫连",     "仲孙",
    "万俟", "亓官",   "司空", "鲜于", "闾丘", "子车", "颛孙", "拓跋", "夹谷",   "宰父",     "谷梁",
    "段干", "东郭",   "南门", "羊舌", "梁丘", "左丘", "东门", "西陵", "纳兰",   "爱新觉罗", "叶赫",
    "歐陽", "山本",   "田中", "佐藤", "铃木", "高桥", "渡边", "伊藤", "中村",   "小林",     "加藤",
    "吉田", "佐佐木", "松本", "井上", "木村", "清水", "山田", "中岛", "长谷川", "石川",     "近藤",
    "后藤", "藤田",   "藤原", "村上", "松下", "小野", "三浦", "小泽", "佐野"};
constexpr std::array<std::string_view, 76> kForeignNames{
    "约翰",     "玛丽",     "汤姆",   "杰克",       "大卫",     "彼得",     "安娜",       "迈克尔",
    "詹姆斯",   "罗伯特",   "威廉",   "理查德",     "托马斯",   "查尔斯",   "丹尼尔",     "保罗",
    "马克",     "乔治",     "史蒂文", "史密斯",     "约瑟夫",   "安东尼",   "爱德华",     "凯文",
    "布莱恩",   "杰森",     "亚当",   "亨利",       "路易斯",   "菲利普",   "弗兰克",     "尼古拉",
    "亚历山大", "伊万",     "谢尔盖", "弗拉基米尔", "安德烈",   "米哈伊尔", "娜塔莎",     "卡佳",
    "索菲亚",   "艾米丽",   "艾玛",   "露西",       "莉莉安",   "苏珊",     "琳达",       "珍妮",
    "珍妮弗",   "伊丽莎白", "凯瑟琳", "凯特",       "安妮",     "海伦",     "杰西卡",     "莎拉",
    "丽莎",     "南希",     "贝蒂",   "爱丽丝",     "戴安娜",   "克里斯",   "克里斯蒂娜", "皮埃尔",
    "汉斯",     "卡洛斯",   "胡安",   "何塞",       "穆罕默德", "阿里木",   "马里奥",     "杰瑞",
    "迈克",     "吉姆",     "鲍勃",   "玛利亚"};

constexpr char16_t char_at(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(text[at]));
    };
    return static_cast<char16_t>((byte(i) & 0xFU) << 12U | (byte(i + 1) & 0x3FU) << 6U |
                                 (byte(i + 2) & 0x3FU));
}

template <typename Change>
constexpr void change_all(std::array<CharTraits, kHanCount>& table, std::string_view characters,
                          Change change) {
    for (std::size_t i = 0; i + kCharBytes <= characters.size(); i += kCharBytes) {
        CharTraits& traits = table[static_cast<std::size_t>(char_at(characters, i)) - kHanFirst];
        traits = CharTraits(static_cast<std::uint16_t>(change(traits.bits())));
    }
}

constexpr auto make_traits() {
    std::array<CharTraits, kHanCount> table{};
    // A later list overrides an earlier one.
    const auto surnames = [&](std::string_view characters, Surname surname) {
        change_all(table, characters, [surname](unsigned bits) {
            return (bits & ~3U) | static_cast<unsigned>(surname);
        });
    };
    surnames(kMoreSurnames, Surname::kPlain);
    surnames(kSurnames, Surname::kPlain);
    surnames(kWordlike, Surname::kWordlike);
    surnames(kRareSurnames, Surname::kRare);
    const auto given = [&](std::string_view characters, Given how_often) {
        change_all(table, characters, [how_often](unsigned bits) {
            return (bits & ~12U) | static_cast<unsigned>(how_often) << 2U;
        });
    };
    given(kFair, Given::kFair);
    given(kNever, Given::kNever);
    given(kTypical, Given::kTypical);
    const auto property = [&](std::string_view characters, unsigned bit) {
        change_all(table, characters, [bit](unsigned bits) { return bits | bit; });
    };
    property(kBefore, kCharBefore);
    property(kAfter, kCharAfter);
    property(kSpeech, kCharSpeech);
    property(kPlace, kCharPlace);
    property(kForeignSounds, kCharForeign);
    property(kUnitFirsts, kCharUnit);
    for (const std::string_view name : kLongSurnames) property(name.substr(0, 3), kCharCompound);
    for (const std::string_view name : kCompoundSurnames) {
        property(name.substr(0, 3), kCharCompound);
    }
    for (const std::string_view name : kForeignNames) property(name.substr(0, 3), kCharStartsFull);
    return table;
}

/// Open addressing; a pair of characters is its own key and 0 is none.
class PairTable {
public:
    PairTable() : slots_(kSlots) {
        for_groups(word_heads(),
                   [this](char16_t one, char16_t other) { add(one, other, kPairWord); });
        for_groups(word_tails(),
                   [this](char16_t one, char16_t other) { add(other, one, kPairWord); });
        add_words(label_pairs(), kPairLabel);
        add_words(role_pairs(), kPairRole);
        add_words(title_pairs(), kPairTitle);
        add_words(speech_pairs(), kPairSpeech);
        add_words(thing_pairs(), kPairThing);
        for (const std::string_view name : kLongSurnames) add_start(name);
        for (const std::string_view name : kCompoundSurnames) add_start(name);
        for (const std::string_view name : kForeignNames) add_start(name);
    }

    std::uint8_t find(std::uint32_t key) const {
        for (std::size_t at = slot_of(key);; at = (at + 1) % kSlots) {
            if (slots_[at].key == key) return slots_[at].properties;
            if (slots_[at].key == 0) return 0;
        }
    }

private:
    struct Slot {
        std::uint32_t key = 0;
        std::uint8_t properties = 0;
    };
    static constexpr std::size_t kSlots = 16'384;  // some 4,000 are taken

    static std::size_t slot_of(std::uint32_t key) { return key * 2'654'435'761U >> 18U; }

    void add(char16_t first, char16_t second, std::uint8_t property) {
        const std::uint32_t key = std::uint32_t{first} << 16U | second;
        std::size_t at = slot_of(key);
        while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) % kSlots;
        slots_[at].key = key;
        slots_[at].properties |= property;
    }

    void add_start(std::string_view name) {
        add(char_at(name, 0), char_at(name, kCharBytes), kPairLong);
    }

    void add_words(std::string_view words, std::uint8_t property) {
        for_groups(words, [&](char16_t first, char16_t second) { add(first, second, property); });
    }

    template <typename Take>
    static void for_groups(std::string_view groups, Take take) {
        while (!groups.empty()) {
            const std::size_t end = std::min(groups.find(' '), groups.size());
            for (std::size_t i = kCharBytes; i + kCharBytes <= end; i += kCharBytes) {
                take(char_at(groups, 0), char_at(groups, i));
            }
            groups.remove_prefix(std::min(end + 1, groups.size()));
        }
    }

    std::vector<Slot> slots_;
};

/// One look in the table instead of a comparison with every name.
bool starts_long(std::string_view text) {
    return text.size() >= 2 * kCharBytes &&
           (pair_of(char_at(text, 0), char_at(text, kCharBytes)) & kPairLong) != 0;
}

template <std::size_t kSize>
std::size_t longest_prefix(const std::array<std::string_view, kSize>& names,
                           std::string_view text) {
    std::size_t size = 0;
    for (const std::string_view name : names) {
        if (name.size() > size && text.starts_with(name)) size = name.size();
    }
    return size;
}

}  // namespace

constexpr std::array<CharTraits, kHanCount> kCharTraits = make_traits();

std::uint8_t pair_of(char16_t first, char16_t second) {
    static const PairTable table;
    return table.find(std::uint32_t{first} << 16U | second);
}

std::size_t long_surname_size(std::string_view text) {
    if (!starts_long(text)) return 0;
    return std::max(longest_prefix(kLongSurnames, text), longest_prefix(kCompoundSurnames, text));
}

std::size_t foreign_name_size(std::string_view text) {
    return starts_long(text) ? longest_prefix(kForeignNames, text) : 0;
}

}  // namespace pdx::privacy
