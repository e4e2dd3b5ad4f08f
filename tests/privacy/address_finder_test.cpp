#include "privacy/address_finder.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"

using namespace pdx::privacy;

namespace {

struct Part {
    std::string_view text;
    AddressLevel level;
};

/// The parts of one whole address, from coarse to fine.
constexpr Part kParts[] = {
    {"江苏省", AddressLevel::kProvince}, {"无锡市", AddressLevel::kCity},
    {"滨湖区", AddressLevel::kDistrict}, {"马山街道", AddressLevel::kTown},
    {"太湖大道", AddressLevel::kStreet}, {"100号", AddressLevel::kNumber},
    {"3号楼", AddressLevel::kBuilding},  {"2单元", AddressLevel::kRoom},
    {"1502室", AddressLevel::kRoom},
};

std::vector<AddressFinding> addresses_in(std::string_view text) {
    std::vector<AddressFinding> findings;
    find_addresses(text, findings);
    return findings;
}

}  // namespace

TEST_CASE("addresses: every run of parts is one address with the level of its last",
          "[privacy][address]") {
    for (std::size_t first = 0; first < 5; ++first) {
        std::string address(kParts[first].text);
        for (std::size_t last = first + 1; last < std::size(kParts); ++last) {
            address += kParts[last].text;
            for (const auto& [front, back] : {std::pair{"", ""},
                                              {"住在", "，"},
                                              {"来电反映", "的路灯坏了"},
                                              {"地址：", "\n"},
                                              {"（", "）"},
                                              {"x", "y"}}) {
                const std::string text = front + address + back;
                INFO(text);
                const auto found = addresses_in(text);
                REQUIRE(found.size() == 1);
                CHECK(found[0] == AddressFinding{std::string_view(front).size(), address.size(),
                                                 kParts[last].level});
            }
        }
    }
}

TEST_CASE("addresses: each way to write a door is read to its end", "[privacy][address]") {
    struct Row {
        const char* text;
        const char* address;
        AddressLevel level;
    };
    for (const Row& row : std::vector<Row>{
             {"住春江花园12-3-401，", "春江花园12-3-401", AddressLevel::kRoom},
             {"位于高浪路200弄3号502室", "高浪路200弄3号502室", AddressLevel::kRoom},
             {"梁溪区中山路１２号", "梁溪区中山路１２号", AddressLevel::kNumber},
             {"西望村五组23号", "西望村五组23号", AddressLevel::kNumber},
             {"建国门外大街1号国贸大厦A座15层", "建国门外大街1号国贸大厦A座15层",
              AddressLevel::kRoom},
             {"在3栋2单元501室", "3栋2单元501室", AddressLevel::kRoom},
             {"新疆维吾尔自治区喀什市", "新疆维吾尔自治区喀什市", AddressLevel::kCity}}) {
        INFO(row.text);
        const auto found = addresses_in(row.text);
        REQUIRE(found.size() == 1);
        CHECK(std::string_view(row.text).substr(found[0].begin, found[0].size) == row.address);
        CHECK(found[0].level == row.level);
    }
}

TEST_CASE("addresses: one place alone and words that hold a unit are none", "[privacy][address]") {
    for (const char* text :
         {"", "市", "号", "无锡市", "解放东路拥堵", "无锡市市场监督管理局", "全市道路畅通",
          "市民反映路面破损", "3月5号", "第三组讨论", "一层大厅", "小区门口", "公路和铁路",
          "plain ASCII 12-3-401", "请各区县、各镇街道按时上报", "编号：2026第100号"}) {
        INFO(text);
        CHECK(addresses_in(text).empty());
    }
}

TEST_CASE("addresses: a door is a direct identifier, what is coarser a quasi-identifier",
          "[privacy][address]") {
    for (const Part& part : kParts) {
        const bool door = part.level >= AddressLevel::kNumber;
        CHECK(address_sensitivity(part.level) ==
              (door ? Sensitivity::kDirectIdentifier : Sensitivity::kQuasiIdentifier));
    }
}

TEST_CASE("addresses: findings ascend, do not overlap, and lie in the text",
          "[privacy][address][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    constexpr std::string_view kPieces[] = {"省", "市", "区", "路", "号",   "3",  "-", "太湖", "在",
                                            "室", "，", "村", "五", "单元", "楼", "a", "１"};
    for (int round = 0; round < 5'000; ++round) {
        std::string text;
        for (unsigned i = 0; i < random() % 30; ++i) text += kPieces[random() % std::size(kPieces)];
        INFO(text);
        std::size_t end = 0;
        for (const AddressFinding& one : addresses_in(text)) {
            REQUIRE(one.size > 0);
            REQUIRE(one.begin >= end);
            end = one.begin + one.size;
            REQUIRE(end <= text.size());
        }
    }
}
