#pragma once
/// Words of two characters about names in prose. Written for this project; no corpus is behind it.
#include <string_view>

namespace pdx::privacy {

/// Ordinary words that hold a surname or a character of given names, so that they are not taken for
/// a part of a name. Shape: groups separated by a space; the first character of each goes with
/// every other: "高度中" is 高度 and 高中.
std::string_view word_heads();
/// The same from behind: "方地对" is 地方 and 对方.
std::string_view word_tails();

// Shape: words of two characters, separated by a space.

/// The last two characters of what stands before a name: 姓名, 申请人, 局长.
std::string_view label_pairs();
/// What a person is or what is done to one: 市民, 儿子, 通知.
std::string_view role_pairs();
/// What stands behind a name: 先生, 同志.
std::string_view title_pairs();
/// What a person does: 表示, 反映.
std::string_view speech_pairs();
/// What a name before it would be the name of: 公司, 大厦.
std::string_view thing_pairs();

}  // namespace pdx::privacy
