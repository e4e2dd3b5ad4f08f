#include <cstdint>
#include <memory>

#include "tests/privacy/support/column_maker.h"

namespace pdx::test {
namespace negative {
namespace {

using privacy::Kind;

std::string hex(Random& random, std::size_t count) {
    std::string text;
    while (text.size() < count) text += "0123456789abcdef"[random() % 16];
    return text;
}

/// A number that grows, as serials do.
std::function<ValueSource(Random&)> running(std::uint64_t first, std::uint64_t step_max) {
    return [=](Random& column) -> ValueSource {
        const auto at = std::make_shared<std::uint64_t>(first + column() % (first / 10 + 1));
        return [=](Random& r) { return std::to_string(*at += 1 + r() % step_max); };
    };
}

std::function<ValueSource(Random&)> made(std::string (*make)(Random&)) {
    return [=](Random&) -> ValueSource { return make; };
}

Recipe nothing(Kind kind, std::string_view chinese, std::function<ValueSource(Random&)> begin) {
    return {kind, Telling::kNothing, chinese, chinese, chinese, std::move(begin)};
}

void add_serials(std::vector<Recipe>& list) {
    list.push_back(nothing(Kind::kCode, "订单编号", made([](Random& r) { return digits(r, 18); })));
    list.push_back(nothing(Kind::kCode, "订单编号", made([](Random& r) { return digits(r, 16); })));
    list.push_back(
        nothing(Kind::kCode, "订单编号", made([](Random& r) { return "62" + digits(r, 17); })));
    list.push_back(
        nothing(Kind::kCode, "流水号编号", made([](Random& r) { return digits(r, 15); })));
    // Region, day and serial, with and without a letter in front.
    list.push_back(nothing(Kind::kCode, "决定文书号", made([](Random& r) {
                               return "3202112026" + two(between(r, 1, 12)) +
                                      two(between(r, 1, 28)) + digits(r, 4);
                           })));
    list.push_back(nothing(Kind::kCode, "受理编号", made([](Random& r) {
                               return "SL3202112026" + two(between(r, 1, 12)) + digits(r, 6);
                           })));
    // Snowflake: 41 bits of milliseconds, machine, sequence; 18 digits in 2018, 19 today.
    list.push_back(
        nothing(Kind::kCode, "编号", running(1'790'000'000'000'000'000U, 4'194'304'000U)));
    list.push_back(nothing(Kind::kCode, "编号", running(320'211'198'000'000'000U, 4'194'304'000U)));
    list.push_back(nothing(Kind::kSerialNumber, "序号", running(1'380'013'800U * 10, 1U)));
    // Eleven digits that begin with 1: half of them are segments of mobile numbers.
    list.push_back(
        nothing(Kind::kCode, "编号", made([](Random& r) { return "1" + digits(r, 10); })));
    list.push_back(nothing(Kind::kCode, "编号", made([](Random& r) { return digits(r, 11); })));
    list.push_back(nothing(Kind::kCode, "快递单号编号", made([](Random& r) {
                               return pick(r, "SF|YT|JD|ZTO") + digits(r, 13);
                           })));
    list.push_back(nothing(Kind::kCode, "邮件编号", made([](Random& r) {
                               return pick(r, "EA|EB|RR") + digits(r, 9) + "CN";
                           })));
    list.push_back(nothing(Kind::kCode, "运单编号",
                           made([](Random& r) { return pick(r, "77|43|62") + digits(r, 10); })));
    list.push_back(nothing(Kind::kCode, "发票代码", made([](Random& r) { return digits(r, 8); })));
    list.push_back(
        nothing(Kind::kCode, "发票代码", made([](Random& r) { return "2432" + digits(r, 16); })));
}

void add_other_numbers(std::vector<Recipe>& list) {
    list.push_back(nothing(Kind::kDate, "时间", running(1'767'000'000U, 4'000U)));
    list.push_back(nothing(Kind::kDate, "时间", running(1'767'000'000'000U, 4'000'000U)));
    list.push_back(nothing(Kind::kAmount, "注册资本(分)", made([](Random& r) {
                               return std::to_string(between(r, 1, 999)) +
                                      std::string(between(r, 4, 9), '0');
                           })));
    list.push_back(nothing(Kind::kAmount, "金额(分)", made([](Random& r) {
                               return std::to_string(between(r, 10'000'000'000U, 19'999'999'999U));
                           })));
    list.push_back(
        nothing(Kind::kCoordinate, "经度", made([](Random& r) { return "120." + digits(r, 8); })));
    list.push_back(nothing(Kind::kCode, "商品编码", made([](Random& r) {
                               return pick(r, "AB|XK|TS") + "-" + digits(r, 4) + "-" +
                                      pick(r, "S|M|L|XL");
                           })));
    list.push_back(
        nothing(Kind::kCode, "商品编码", made([](Random& r) { return "69" + digits(r, 11); })));
    list.push_back(nothing(Kind::kCode, "哈希代码", made([](Random& r) { return hex(r, 32); })));
    list.push_back(nothing(Kind::kCode, "哈希代码", made([](Random& r) { return hex(r, 64); })));
    list.push_back(nothing(Kind::kCode, "校验代码", made([](Random& r) { return digits(r, 19); })));
    list.push_back(nothing(Kind::kCode, "版本代码", made([](Random& r) {
                               return std::to_string(between(r, 1, 9)) + "." +
                                      std::to_string(between(r, 0, 20)) + "." +
                                      std::to_string(between(r, 0, 40));
                           })));
    list.push_back(nothing(Kind::kCode, "版本代码", made([](Random& r) {
                               return std::to_string(between(r, 1, 9)) + "." +
                                      std::to_string(between(r, 0, 20)) + "." +
                                      std::to_string(between(r, 0, 9)) + "." +
                                      std::to_string(between(r, 0, 60));
                           })));
    list.push_back(
        nothing(Kind::kCode, "批次代码", made([](Random& r) { return "L" + digits(r, 16); })));
}

}  // namespace
}  // namespace negative

std::vector<Recipe> negative_recipes() {
    using namespace negative;
    std::vector<Recipe> list;
    add_serials(list);
    add_other_numbers(list);
    return list;
}

}  // namespace pdx::test
