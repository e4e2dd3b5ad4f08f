#include "privacy/number_token.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "base/ascii.h"
#include "base/check.h"
#include "base/eight_bytes.h"
#include "privacy/checksum.h"

namespace pdx::privacy {
namespace {

constexpr std::string_view kCheckCharacters = "0123456789X";
/// How far the check character is moved, of 11 or of 10: never the right one.
constexpr std::size_t kMoved = 5;
constexpr std::size_t kMobileDigits = 10;  ///< without the leading 1
constexpr std::size_t kResidentDigits = 15;
constexpr std::size_t kCardBytesMin = 15;
constexpr std::size_t kCardBytesMax = 19;
constexpr std::uint64_t kRankDays = 100'000;
constexpr std::uint64_t kRankSerials = 1'000;
constexpr std::chrono::sys_days kFirstDay{std::chrono::year{1850} / 1 / 1};

std::uint64_t number_from(std::string_view digits) {
    std::uint64_t value = 0;
    while (digits.size() >= kEightBytes) {
        value = value * 100'000'000 + number_of_eight(load_eight(digits.data()));
        digits.remove_prefix(kEightBytes);
    }
    for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
}

void write_digits(char* to, std::uint64_t value, std::size_t count) {
    constexpr std::uint64_t kOfEight = 100'000'000;
    for (; count >= kEightBytes; count -= kEightBytes, value /= kOfEight) {
        store_eight(eight_digits_of(value % kOfEight), to + count - kEightBytes);
    }
    std::array<char, kEightBytes> rest{};
    store_eight(eight_digits_of(value % kOfEight), rest.data());
    std::copy(rest.end() - static_cast<std::ptrdiff_t>(count), rest.end(), to);
}

std::string digits_from(std::uint64_t value, std::size_t count) {
    std::string text(count, '0');
    write_digits(text.data(), value, count);
    return text;
}

char moved(char check, std::size_t of) {
    return kCheckCharacters[(kCheckCharacters.find(check) + kMoved) % of];
}

/// Requires: is_valid_resident_id(). Region, day and serial as one number below 10^14.
std::uint64_t rank_resident(std::string_view id) {
    const std::chrono::sys_days day{
        std::chrono::year{static_cast<int>(number_from(id.substr(6, 4)))} /
        static_cast<int>(number_from(id.substr(10, 2))) /
        static_cast<int>(number_from(id.substr(12, 2)))};
    const auto days = static_cast<std::uint64_t>((day - kFirstDay).count());
    return (number_from(id.substr(0, 6)) * kRankDays + days) * kRankSerials +
           number_from(id.substr(14, 3));
}

std::optional<std::string> unrank_resident(std::uint64_t rank) {
    const std::uint64_t region = rank / kRankSerials / kRankDays;
    if (region > 999'999) return std::nullopt;
    const std::chrono::year_month_day day{
        kFirstDay + std::chrono::days{static_cast<int>(rank / kRankSerials % kRankDays)}};
    std::string id = digits_from(region, 6) +
                     digits_from(static_cast<std::uint64_t>(static_cast<int>(day.year())), 4) +
                     digits_from(static_cast<unsigned>(day.month()), 2) +
                     digits_from(static_cast<unsigned>(day.day()), 2) +
                     digits_from(rank % kRankSerials, 3);
    const auto check = resident_id_check_digit(id);
    if (!check) return std::nullopt;
    id += *check;
    if (!is_valid_resident_id(id)) return std::nullopt;
    return id;
}

bool is_resident_token(std::string_view text) {
    if (text.size() != 18 || !text.starts_with("00") || !all_digits(text.substr(0, 17))) {
        return false;
    }
    return moved(mod11_2_check_digit(text.substr(0, 17)).value(), 11) == text.back();
}

bool is_mobile_token(std::string_view text) {
    if (text.size() != 13 || !text.starts_with("12") || !all_digits(text)) return false;
    const char check = mod11_2_check_digit(text.substr(0, 12)).value();
    return text.back() == (check == 'X' ? '0' : check);
}

bool is_card_token(std::string_view text) {
    if (text.size() < kCardBytesMin + 1 || text.size() > kCardBytesMax + 1 ||
        !text.starts_with('0') || !all_digits(text)) {
        return false;
    }
    return moved(luhn_check_digit(text.substr(0, text.size() - 1)).value(), 10) == text.back();
}

}  // namespace

bool has_number_token(Kind kind) {
    return kind == Kind::kResidentId || kind == Kind::kMobile || kind == Kind::kBankCard;
}

std::optional<Kind> number_token_kind(std::string_view text) {
    if (is_mobile_token(text)) return Kind::kMobile;
    if (is_resident_token(text)) return Kind::kResidentId;
    if (is_card_token(text)) return Kind::kBankCard;
    return std::nullopt;
}

NumberToken::NumberToken(Kind kind, ByteView key, BlockCipher cipher) : kind_(kind) {
    PDX_CHECK(has_number_token(kind) && key.size() == 32);
    const ByteView used = cipher == BlockCipher::kSm4 ? key.first(16) : key;
    const auto add = [&](std::size_t digits) {
        ciphers_.emplace_back(cipher, used, 10, static_cast<std::uint32_t>(digits),
                              as_bytes(kind_code(kind)));
    };
    digits_min_ = kind == Kind::kMobile     ? kMobileDigits
                  : kind == Kind::kBankCard ? kCardBytesMin - 1
                                            : kResidentDigits;
    add(digits_min_);
    if (kind != Kind::kBankCard) return;
    for (std::size_t bytes = kCardBytesMin + 1; bytes <= kCardBytesMax; ++bytes) add(bytes - 1);
}

const Ff1Numbers* NumberToken::cipher_for(std::size_t digits) const {
    const bool known = digits >= digits_min_ && digits - digits_min_ < ciphers_.size();
    return known ? &ciphers_[digits - digits_min_] : nullptr;
}

NumberToken::Plain NumberToken::plain_of(std::string_view value) const {
    if (kind_ == Kind::kResidentId) {
        if (!is_valid_resident_id(value)) return {};
        return {rank_resident(value), kResidentDigits};
    }
    if (kind_ == Kind::kMobile) {
        if (!is_valid_mobile(value)) return {};
        return {number_from(value.substr(1)), kMobileDigits};
    }
    if (!is_valid_bank_card(value)) return {};
    const Plain plain{number_from(value.substr(0, value.size() - 1)), value.size() - 1};
    PDX_CHECK(cipher_for(plain.digits) != nullptr);
    return plain;
}

void NumberToken::print(std::uint64_t encrypted, std::size_t digits, TextBuffer& out) const {
    const std::string_view mark = kind_ == Kind::kResidentId ? "00"
                                  : kind_ == Kind::kMobile   ? "12"
                                                             : "0";
    const std::size_t size = mark.size() + digits;
    char* const to = out.extend(size + 1);
    copy_short(to, mark.data(), mark.size());
    write_digits(to + mark.size(), encrypted, digits);
    const std::string_view token(to, size);
    if (kind_ == Kind::kBankCard) {
        to[size] = moved(luhn_check_digit(token).value(), 10);
        return;
    }
    const char check = mod11_2_check_digit(token).value();
    to[size] = kind_ == Kind::kResidentId ? moved(check, 11) : check == 'X' ? '0' : check;
}

std::optional<std::string> NumberToken::encode(std::string_view value) const {
    Plain plain = plain_of(value);
    if (plain.digits == 0) return std::nullopt;
    cipher_for(plain.digits)->encrypt(std::span(&plain.number, 1));
    TextBuffer token;
    print(plain.number, plain.digits, token);
    return std::string(token.view());
}

void NumberToken::encode(std::span<const std::string_view> values, ColumnBatch& tokens) {
    plain_.clear();
    for (const std::string_view value : values) plain_.push_back(plain_of(value));
    for (std::size_t i = 0; i < ciphers_.size(); ++i) {
        const auto is_its = [this, i](const Plain& one) { return one.digits == digits_min_ + i; };
        numbers_.clear();
        for (const Plain& plain : plain_) {
            if (is_its(plain)) numbers_.push_back(plain.number);
        }
        ciphers_[i].encrypt(numbers_);
        auto next = numbers_.begin();
        for (Plain& plain : plain_) {
            if (is_its(plain)) plain.number = *next++;
        }
    }
    for (const Plain& plain : plain_) {
        if (plain.digits != 0) print(plain.number, plain.digits, tokens.open());
        tokens.close();
    }
}

std::optional<std::string> NumberToken::decode(std::string_view token) const {
    const std::size_t mark = kind_ == Kind::kBankCard ? 1 : 2;
    const bool fits = kind_ == Kind::kResidentId ? is_resident_token(token)
                      : kind_ == Kind::kMobile   ? is_mobile_token(token)
                                                 : is_card_token(token);
    if (!fits) return std::nullopt;
    const std::string_view digits = token.substr(mark, token.size() - mark - 1);
    const Ff1Numbers* const cipher = cipher_for(digits.size());
    if (cipher == nullptr) return std::nullopt;
    std::uint64_t number = number_from(digits);
    cipher->decrypt(std::span(&number, 1));
    if (kind_ == Kind::kResidentId) return unrank_resident(number);
    std::string value = digits_from(number, digits.size());
    if (kind_ == Kind::kMobile) {
        value.insert(0, 1, '1');
        return is_valid_mobile(value) ? std::optional(value) : std::nullopt;
    }
    value += luhn_check_digit(value).value();
    return is_valid_bank_card(value) ? std::optional(value) : std::nullopt;
}

}  // namespace pdx::privacy
