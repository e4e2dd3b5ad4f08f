#include "privacy/canary.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/ascii.h"
#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/hmac.h"
#include "privacy/checksum.h"

namespace pdx::privacy {
namespace {

constexpr std::uint32_t kCanaryRowsMax = 1'000;
constexpr std::size_t kCanaryColumnsMax = 1'000;
constexpr std::size_t kCanaryChoicesMax = 200;
constexpr std::int64_t kCanaryNumberMax = 1'000'000'000'000'000;

/// Numbers from the key, for each row and column of their own: a plan that knows fewer columns, or
/// knows them in another order, draws the same ones.
class Draws {
public:
    explicit Draws(ByteView key_of_copy)
        : key_(derive_key(key_of_copy, "pdx/privacy/canary/v1").view()) {}

    /// An empty name for the person whom the row is about.
    void begin(std::uint32_t row, std::string_view column) {
        column_.assign(column);
        counter_ = std::uint64_t{row} << 32U;
    }
    /// Below `bound`; uneven by less than one part in 10,000 for bounds up to 10^15.
    std::uint64_t below(std::uint64_t bound) {
        message_.clear();
        for (unsigned shift = 64; shift > 0; shift -= 8) {
            message_ += static_cast<char>(counter_ >> (shift - 8U));
        }
        message_ += column_;
        ++counter_;
        const Digest digest = key_.of(as_bytes(message_));
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 8; ++i) number = (number << 8U) | digest.value.at(i);
        return number % bound;
    }
    std::string digits(std::size_t count) {
        std::string text;
        while (text.size() < count) text += static_cast<char>('0' + below(10));
        return text;
    }

private:
    HmacSha256 key_;
    std::string column_;
    std::string message_;
    std::uint64_t counter_ = 0;  ///< the row, and how many numbers were drawn for it and the column
};

std::string two_digits(std::uint64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

/// Who a row is about.
struct NoPerson {
    std::string birthday;  ///< 19700131
    std::string sequence;  ///< three digits, odd for men
};

NoPerson draw_person(Draws& draws) {
    NoPerson person;
    person.birthday = std::to_string(1950 + draws.below(55)) + two_digits(1 + draws.below(12)) +
                      two_digits(1 + draws.below(28));
    person.sequence = draws.digits(3);
    return person;
}

std::string draw_uscc(const std::string& space, Draws& draws) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    std::string organisation;
    while (organisation.size() < 8) organisation += kAlphabet[draws.below(kAlphabet.size())];
    std::string payload = space + organisation;
    payload += org_code_check_digit(organisation).value();
    return payload + uscc_check_digit(payload).value();
}

std::string draw_number(const CanaryColumn& column, Draws& draws) {
    const auto span = static_cast<std::uint64_t>(column.most - column.least) + 1;
    const std::int64_t units = column.least + static_cast<std::int64_t>(draws.below(span));
    const auto decimals = static_cast<std::size_t>(column.decimals);
    std::string text = std::to_string(units < 0 ? -units : units);
    if (decimals > 0) {
        while (text.size() <= decimals) text.insert(0, 1, '0');
        text.insert(text.size() - decimals, 1, '.');
    }
    return units < 0 ? "-" + text : text;
}

std::string draw_value(const CanaryColumn& column, const NoPerson& person, Draws& draws) {
    switch (column.kind) {
        case Kind::kResidentId: {
            const std::string payload = column.space + person.birthday + person.sequence;
            return payload + resident_id_check_digit(payload).value();
        }
        case Kind::kBirthDate:
            return person.birthday.substr(0, 4) + "-" + person.birthday.substr(4, 2) + "-" +
                   person.birthday.substr(6);
        case Kind::kSex: return (person.sequence.back() - '0') % 2 == 1 ? "男" : "女";
        case Kind::kUscc: return draw_uscc(column.space, draws);
        case Kind::kMobile: return column.space + draws.digits(11 - column.space.size());
        case Kind::kAmount:
        case Kind::kMeasure: return draw_number(column, draws);
        default: return column.choices[draws.below(column.choices.size())];
    }
}

bool is_drawable(const CanaryColumn& column) {
    const std::string& space = column.space;
    switch (column.kind) {
        case Kind::kResidentId: return space.size() == 6 && all_digits(space);
        case Kind::kUscc:
            // The characters are checked by making one.
            return space.size() == 8 && uscc_check_digit(space + "000000000").has_value() &&
                   all_digits(std::string_view(space).substr(2));
        case Kind::kMobile: return space.size() >= 3 && space.size() <= 7 && all_digits(space);
        case Kind::kBirthDate:
        case Kind::kSex: return true;
        case Kind::kAmount:
        case Kind::kMeasure:
            return column.least <= column.most && column.least >= -kCanaryNumberMax &&
                   column.most <= kCanaryNumberMax && column.decimals >= 0 && column.decimals <= 6;
        default: return !column.choices.empty();
    }
}

[[noreturn]] void refuse_canary(const std::string& name) {
    throw invalid("canary.settings",
                  {"This canary column lacks what its kind needs: a space that was never issued, "
                   "choices, or least and most; or it is named twice.",
                   "该诱饵列缺少其类型所需的设置（从未发放的号段、可选值或上下限），或重复列出。"},
                  {.pointer = name});
}

}  // namespace

void check_canary_plan(const CanaryPlan& plan) {
    if (plan.columns.empty() || plan.columns.size() > kCanaryColumnsMax || plan.rows < 1 ||
        plan.rows > kCanaryRowsMax) {
        refuse_canary({});
    }
    std::set<std::string_view> names;
    for (const CanaryColumn& column : plan.columns) {
        const bool fits = !column.name.empty() && names.insert(column.name).second &&
                          column.choices.size() <= kCanaryChoicesMax &&
                          (column.kind == Kind::kUnknown || is_drawable(column));
        if (!fits) refuse_canary(column.name);
    }
}

std::vector<std::vector<std::string>> make_canaries(const CanaryPlan& plan, ByteView key_of_copy) {
    check_canary_plan(plan);
    for (const CanaryColumn& column : plan.columns) {
        if (!is_drawable(column)) refuse_canary(column.name);
    }
    Draws draws(key_of_copy);
    std::vector<std::vector<std::string>> rows(plan.rows);
    for (std::uint32_t i = 0; i < plan.rows; ++i) {
        draws.begin(i, {});
        const NoPerson person = draw_person(draws);
        for (const CanaryColumn& column : plan.columns) {
            draws.begin(i, column.name);
            rows[i].push_back(draw_value(column, person, draws));
        }
    }
    return rows;
}

}  // namespace pdx::privacy
