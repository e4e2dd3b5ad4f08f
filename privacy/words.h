#pragma once
/// Chinese words that tell names, addresses and organisations from other text.
#include <array>
#include <string_view>

namespace pdx::privacy {

/// About 300 surnames cover 99 % of the population; the rest is left to the header.
inline constexpr std::string_view kSurnames =
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧董潘袁蔡蒋余于杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎闫段雷龙黎史陶贺毛郝顾龚邵"
    "万覃武钱戴严莫孔向常汤康易乔赖文牛樊葛庞颜庄殷施温裴季岳翟倪柳鲁耿焦左关包祝尤柴华邢穆俞章"
    "詹苗申齐费路童管欧党聂鲍游祁管屈成霍柯骆阮纪刁翁毕邬麻涂娄单冉盛辛靳时蒲安兰冷池尚卜谷明路"
    "牟甘褚凌宫桂甄房解蓝岑席敖晏丛米雍鞠邸楼水窦植仲应佟简封仇麦滕迟芦匡艾栾车苟隋阚桑全商凤奚"
    "郎蔺练危强晁权粟嵇燕苑卓卿相巫蒙湛冼揭茅景臧谈宗胥闵柏虞计伏郁傅卞项梅林咎管符萧";
inline constexpr std::array<std::string_view, 22> kCompoundSurnames{
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒",
    "夏侯", "长孙", "宇文", "端木", "南宫", "独孤", "西门", "百里", "呼延", "钟离", "澹台"};

/// The word of two to four Han characters begins with a common surname and does not end like a
/// place, an office or a thing; or it is a name of a minority with the middle dot.
bool looks_like_person_name(std::string_view text);

/// Ends like a company, an office, a school or another organisation.
bool looks_like_organisation(std::string_view text);

/// kNone: no address. kArea: province to street or village. kDoor: with a house number or closer.
enum class AddressPrecision { kNone, kArea, kDoor };
AddressPrecision address_precision(std::string_view text);

/// The part of an address up to its district or county; empty when it names none.
std::string_view address_district(std::string_view text);

/// "京", "津", ... "新": the first character of a civil plate.
bool is_plate_province(std::string_view character);

}  // namespace pdx::privacy
