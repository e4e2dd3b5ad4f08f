#include "marketplace/demo/generator.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto.h"
#include "marketplace/demo/seed_assets.h"
#include "privacy/checksum.h"
#include "tests/support/catch.h"

using namespace pdx;

namespace {

using Cells = std::vector<std::string>;

std::string csv(int asset_no, std::uint64_t rows, std::uint64_t seed) {
    std::string text;
    const auto bytes =
        demo::generate_csv(asset_no, rows, seed, [&](std::string_view piece) { text += piece; });
    CHECK(bytes == text.size());
    return text;
}

/// A reader of its own, so that the product's reader is not tested against itself.
std::vector<Cells> parse(const std::string& text) {
    std::vector<Cells> rows;
    Cells row;
    std::string cell;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
            cell += '"';
            ++at;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            row.push_back(std::move(cell));
            cell.clear();
            if (c == '\n') {
                rows.push_back(std::move(row));
                row.clear();
            }
        } else {
            cell += c;
        }
    }
    CHECK_FALSE(quoted);
    CHECK(cell.empty());
    return rows;
}

struct Table {
    std::vector<Cells> rows;
    Cells column(const std::string& name) const {
        const auto header = std::find(rows[0].begin(), rows[0].end(), name);
        REQUIRE(header != rows[0].end());
        Cells cells;
        for (std::size_t row = 1; row < rows.size(); ++row) {
            cells.push_back(rows[row][static_cast<std::size_t>(header - rows[0].begin())]);
        }
        return cells;
    }
};

Table table(int asset_no, std::uint64_t rows, std::uint64_t seed = 1) {
    return {parse(csv(asset_no, rows, seed))};
}

std::size_t distinct(const Cells& cells) {
    return std::set<std::string>(cells.begin(), cells.end()).size();
}

std::size_t empty_count(const Cells& cells) {
    return static_cast<std::size_t>(std::count(cells.begin(), cells.end(), ""));
}

bool all_resident_ids(const Cells& cells) {
    return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
        return cell.starts_with("320299") && privacy::is_valid_resident_id(cell);
    });
}

bool all_usccs(const Cells& cells, std::string_view head) {
    return std::all_of(cells.begin(), cells.end(), [&](const std::string& cell) {
        return cell.starts_with(head) && privacy::is_valid_uscc(cell);
    });
}

}  // namespace

TEST_CASE("generator: every asset has all its columns, in UTF-8, no row ragged",
          "[demo][generator]") {
    for (const auto& asset : demo::assets()) {
        INFO(asset.no);
        const std::string text = csv(asset.no, 500, 3);
        CHECK(is_utf8(text));
        CHECK(text.find('\r') == std::string::npos);
        const auto rows = parse(text);
        REQUIRE(rows.size() == 501);
        for (std::size_t column = 0; column < asset.fields.size(); ++column) {
            CHECK(rows[0][column] == asset.fields[column].name);
        }
        CHECK(std::all_of(rows.begin(), rows.end(),
                          [&](const Cells& row) { return row.size() == asset.fields.size(); }));
    }
    CHECK(demo::default_rows(1) == 50000);
    CHECK(demo::default_rows(20) == 1000);
    CHECK_THROWS_AS(csv(21, 1, 1), InvariantViolation);
}

TEST_CASE("generator: the same asset and seed give the same bytes everywhere",
          "[demo][generator]") {
    Sha256 hash;
    for (const auto& asset : demo::assets()) {
        hash.update(csv(asset.no, 1000, 1));
    }
    // Pinned: a change of this digest changes every demo and benchmark.
    CHECK(hash.finish().hex() ==
          "00bbc61199030f655c0af54e4882495757a0cc8877c9813e632eed52fa3d9bab");
    CHECK(csv(1, 100, 1) != csv(1, 100, 2));
    CHECK(csv(1, 2000, 1).starts_with(csv(1, 1000, 1)));
}

TEST_CASE("generator: a size is reached by whole rows", "[demo][generator]") {
    std::string text;
    const auto bytes =
        demo::generate_csv_of_size(1, 300000, 1, [&](std::string_view piece) { text += piece; });
    CHECK(bytes == text.size());
    CHECK(bytes >= 300000);
    CHECK(bytes < 301000);
    CHECK(text.back() == '\n');
    CHECK(text == csv(1, parse(text).size() - 1, 1));
}

TEST_CASE("generator: the enterprise register is valid and lifelike", "[demo][generator]") {
    const Table register_table = table(1, 20000);
    const auto usccs = register_table.column("uscc");
    CHECK(all_usccs(usccs, "91320299"));
    CHECK(distinct(usccs) == 20000);
    CHECK(all_resident_ids(register_table.column("legal_rep_id_no")));
    CHECK(distinct(register_table.column("legal_rep_id_no")) > 19900);
    CHECK(distinct(register_table.column("ent_name")) > 19500);
    const auto names = register_table.column("legal_rep_name");
    CHECK(distinct(names) > 9000);
    CHECK(distinct(names) < 19000);  // as in life, some share a name

    const auto phones = register_table.column("contact_phone");
    const std::size_t without = empty_count(phones);
    CHECK(without > 400);
    CHECK(without < 800);
    const auto mobiles = std::count_if(phones.begin(), phones.end(), [](const std::string& phone) {
        return privacy::is_valid_mobile(phone);
    });
    CHECK(mobiles > 15000);
    CHECK(std::all_of(phones.begin(), phones.end(), [](const std::string& phone) {
        return phone.empty() || privacy::is_valid_mobile(phone) || phone.starts_with("0510-8");
    }));

    std::map<std::string, int> by_surname;
    for (const auto& name : names) {
        ++by_surname[name.substr(0, 3)];
    }
    CHECK(by_surname["王"] > 1000);
    CHECK(by_surname["王"] > 5 * by_surname["韦"]);
    const auto days = register_table.column("est_date");
    CHECK(*std::min_element(days.begin(), days.end()) >= "1990-01-01");
    CHECK(*std::max_element(days.begin(), days.end()) < "2026-03-01");
    CHECK(std::count_if(days.begin(), days.end(), [](const auto& day) { return day >= "2015"; }) >
          10000);
    CHECK(distinct(register_table.column("dom_region")) == 7);
    const auto status = register_table.column("reg_status");
    CHECK(std::count(status.begin(), status.end(), "存续") > 15000);
}

TEST_CASE("generator: the same firm is the same in every asset", "[demo][generator]") {
    const Table firms = table(1, 50000);
    std::map<std::string, std::string> name_of;
    const auto usccs = firms.column("uscc");
    const auto names = firms.column("ent_name");
    for (std::size_t row = 0; row < usccs.size(); ++row) {
        name_of[usccs[row]] = names[row];
    }
    for (const int asset_no : {4, 17}) {
        for (const auto& uscc : table(asset_no, 600).column("uscc")) {
            REQUIRE(name_of.count(uscc) == 1);
        }
    }
    const Table chain = table(18, 1000);
    const auto chain_usccs = chain.column("uscc");
    const auto chain_names = chain.column("ent_name");
    CHECK(distinct(chain_usccs) == 1000);
    const Table credit = table(3, 1000);
    const auto parties = credit.column("party_uscc");
    const auto party_names = credit.column("party_name");
    for (std::size_t row = 0; row < 1000; ++row) {
        REQUIRE(name_of.at(chain_usccs[row]) == chain_names[row]);
        if (!parties[row].empty()) {
            REQUIRE(name_of.at(parties[row]) == party_names[row]);
        }
    }
}

TEST_CASE("generator: people's numbers are valid wherever they stand", "[demo][generator]") {
    const Table traders = table(2, 3000);
    CHECK(all_usccs(traders.column("uscc"), "92320299"));
    CHECK(distinct(traders.column("uscc")) == 3000);
    CHECK(all_resident_ids(traders.column("operator_id_no")));
    CHECK(all_resident_ids(table(5, 3000).column("id_no")));
    CHECK(all_usccs(table(5, 3000).column("employer_uscc"), "91320299"));
    CHECK(all_resident_ids(table(6, 3000).column("id_no")));
    for (const auto& phone : traders.column("phone")) {
        REQUIRE(privacy::is_valid_mobile(phone));
    }
    for (const auto& owner : table(7, 3000).column("owner_id_no")) {
        REQUIRE((privacy::is_valid_resident_id(owner) || privacy::is_valid_uscc(owner)));
    }
    for (const auto& unit : table(7, 300).column("unit_no")) {
        REQUIRE(unit.size() == 28);
    }
}

TEST_CASE("generator: pupils are children and their roll number holds their ID",
          "[demo][generator]") {
    const Table pupils = table(20, 2000);
    const auto ids = pupils.column("stu_id_no");
    const auto rolls = pupils.column("roll_no");
    CHECK(all_resident_ids(ids));
    for (std::size_t row = 0; row < ids.size(); ++row) {
        REQUIRE(rolls[row] == "G" + ids[row]);
        const int born = std::stoi(ids[row].substr(6, 4));
        REQUIRE(born >= 2010);
        REQUIRE(born <= 2019);
    }
    const auto notes = pupils.column("health_note");
    CHECK(empty_count(notes) > 1400);
    CHECK(std::count(notes.begin(), notes.end(), "青霉素过敏, 随身带药") > 0);
    CHECK(distinct(pupils.column("grade")) == 9);
}

TEST_CASE("generator: amounts that belong together agree", "[demo][generator]") {
    const Table medical = table(8, 2000);
    const auto total = medical.column("total_fen");
    const auto fund = medical.column("fund_fen");
    const auto self = medical.column("self_fen");
    const auto admitted = medical.column("admit_date");
    const auto discharged = medical.column("discharge_date");
    for (std::size_t row = 0; row < total.size(); ++row) {
        REQUIRE(std::stoll(total[row]) == std::stoll(fund[row]) + std::stoll(self[row]));
        REQUIRE(admitted[row] <= discharged[row]);
    }
    const Table lots = table(13, 1000);
    const auto spaces = lots.column("total_spaces");
    const auto free = lots.column("free_spaces");
    for (std::size_t row = 0; row < spaces.size(); ++row) {
        REQUIRE(std::stoll(free[row]) <= std::stoll(spaces[row]));
    }
    const auto plates = table(12, 2000).column("plate_no");
    CHECK(std::count_if(plates.begin(), plates.end(),
                        [](const auto& plate) { return plate.starts_with("苏B"); }) > 1200);
    // Three bytes of Han, one letter, then five or (new energy) six characters.
    CHECK(std::all_of(plates.begin(), plates.end(), [](const auto& plate) {
        return (plate.size() == 9 || plate.size() == 10) &&
               plate.find_first_of("IO") == std::string::npos;
    }));
}
