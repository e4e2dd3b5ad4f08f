#include "privacy/ff1.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kBlock = BlockEncryptor::kBlockBytes;
constexpr unsigned kRounds = 10;
constexpr std::uint64_t kDomainMin = 1'000'000;

__extension__ using Wide = unsigned __int128;

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
struct FreeScratch {
    void operator()(BN_CTX* scratch) const { BN_CTX_free(scratch); }
};

Number make_number(std::uint64_t value = 0) {
    Number number(BN_new());
    PDX_CHECK(number != nullptr && BN_set_word(number.get(), value) == 1);
    return number;
}

Number power(std::uint32_t radix, std::size_t exponent) {
    Number number = make_number(1);
    for (std::size_t i = 0; i < exponent; ++i) {
        PDX_CHECK(BN_mul_word(number.get(), radix) == 1);
    }
    return number;
}

Number number_of(std::span<const std::uint16_t> numerals, std::uint32_t radix) {
    Number number = make_number();
    for (const std::uint16_t numeral : numerals) {
        PDX_CHECK(BN_mul_word(number.get(), radix) == 1);
        PDX_CHECK(BN_add_word(number.get(), numeral) == 1);
    }
    return number;
}

/// Takes the number apart. Requires: it is below radix^size.
void write_numerals(Number number, std::uint32_t radix, std::span<std::uint16_t> out) {
    for (std::size_t i = out.size(); i > 0; --i) {
        out[i - 1] = static_cast<std::uint16_t>(BN_div_word(number.get(), radix));
    }
    PDX_CHECK(BN_is_zero(number.get()));
}

/// What the standard calls b and d. `modulus` is radix^ceil(length / 2).
std::size_t bytes_of_number(const BIGNUM* modulus) {
    Number last(BN_dup(modulus));
    PDX_CHECK(last != nullptr && BN_sub_word(last.get(), 1) == 1);
    return static_cast<std::size_t>(BN_num_bytes(last.get()));
}
constexpr std::size_t bytes_of_output(std::size_t number_bytes) {
    return 4 * ((number_bytes + 3) / 4) + 4;
}

void put_big_endian(std::uint8_t* out, std::size_t bytes, std::uint64_t value) {
    for (std::size_t i = bytes; i > 0; --i, value >>= 8U) {
        out[i - 1] = static_cast<std::uint8_t>(value);
    }
}

/// The block P of the standard.
std::array<std::uint8_t, kBlock> first_block(std::uint32_t radix, std::size_t length,
                                             std::size_t tweak_bytes) {
    std::array<std::uint8_t, kBlock> block{1, 2, 1};
    put_big_endian(&block[3], 3, radix);
    block[6] = kRounds;
    block[7] = static_cast<std::uint8_t>(length / 2);
    put_big_endian(&block[8], 4, length);
    put_big_endian(&block[12], 4, tweak_bytes);
    return block;
}

/// The tweak and its padding, with room for the round and the number: the block Q.
Bytes second_blocks(ByteView tweak, std::size_t number_bytes) {
    const std::size_t size = tweak.size() + 1 + number_bytes;
    Bytes blocks((size + kBlock - 1) / kBlock * kBlock);
    std::copy(tweak.begin(), tweak.end(), blocks.begin());
    return blocks;
}

constexpr std::size_t kWord = sizeof(std::uint64_t);

/// Big-endian, as the standard writes numbers.
std::uint64_t load_word(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, kWord);
    return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}
void store_word(std::uint64_t word, std::uint8_t* bytes) {
    if (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
    std::memcpy(bytes, &word, kWord);
}

void chain(const BlockEncryptor& cipher, std::array<std::uint8_t, kBlock>& state, ByteView block) {
    for (std::size_t i = 0; i < kBlock; ++i) state[i] ^= block[i];
    cipher.encrypt(state);
}

void check_radix(std::uint32_t radix) {
    if (radix >= 2 && radix <= 65'536) return;
    throw invalid("ff1.radix", {"A radix is between 2 and 65536.", "基数须在 2 到 65536 之间。"});
}

}  // namespace

void BlockEncryptor::Free::operator()(evp_cipher_ctx_st* context) const {
    EVP_CIPHER_CTX_free(context);
}

BlockEncryptor::BlockEncryptor(BlockCipher cipher, ByteView key) {
    const EVP_CIPHER* algorithm = nullptr;
    if (cipher == BlockCipher::kSm4) {
        if (key.size() == 16) algorithm = EVP_sm4_ecb();
    } else if (key.size() == 16) {
        algorithm = EVP_aes_128_ecb();
    } else if (key.size() == 24) {
        algorithm = EVP_aes_192_ecb();
    } else if (key.size() == 32) {
        algorithm = EVP_aes_256_ecb();
    }
    if (algorithm == nullptr) {
        throw invalid("ff1.key",
                      {"The key's length does not fit the cipher.", "密钥长度与算法不符。"});
    }
    context_.reset(EVP_CIPHER_CTX_new());
    PDX_CHECK(context_ != nullptr);
    PDX_CHECK(EVP_EncryptInit_ex(context_.get(), algorithm, nullptr, key.data(), nullptr) == 1);
    PDX_CHECK(EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1);
}

void BlockEncryptor::encrypt(std::span<std::uint8_t> blocks) const {
    int written = 0;
    const int size = static_cast<int>(blocks.size());
    PDX_CHECK(EVP_EncryptUpdate(context_.get(), blocks.data(), &written, blocks.data(), size) == 1);
    PDX_CHECK(written == size);
}

Ff1::Ff1(BlockCipher cipher, ByteView key, std::uint32_t radix)
    : cipher_(cipher, key),
      radix_(radix) {
    check_radix(radix);
}

std::optional<Ff1::Text> Ff1::encrypt(std::span<const std::uint16_t> text, ByteView tweak) const {
    return run(text, tweak, Direction::kEncrypt);
}

std::optional<Ff1::Text> Ff1::decrypt(std::span<const std::uint16_t> text, ByteView tweak) const {
    return run(text, tweak, Direction::kDecrypt);
}

std::optional<Ff1::Text> Ff1::run(std::span<const std::uint16_t> text, ByteView tweak,
                                  Direction direction) const {
    const bool in_radix =
        std::all_of(text.begin(), text.end(), [this](std::uint16_t one) { return one < radix_; });
    if (!in_radix || text.size() < 2 || text.size() > kLengthMax || tweak.size() > kTweakBytesMax) {
        return std::nullopt;
    }
    const std::size_t left = text.size() / 2;
    const Number moduli[2] = {power(radix_, left), power(radix_, text.size() - left)};
    const std::unique_ptr<BN_CTX, FreeScratch> scratch(BN_CTX_secure_new());
    PDX_CHECK(scratch != nullptr);
    const Number all = make_number();
    PDX_CHECK(BN_mul(all.get(), moduli[0].get(), moduli[1].get(), scratch.get()) == 1);
    if (BN_cmp(all.get(), make_number(kDomainMin).get()) < 0) return std::nullopt;

    const std::size_t number_bytes = bytes_of_number(moduli[1].get());
    const std::size_t output_bytes = bytes_of_output(number_bytes);
    std::array<std::uint8_t, kBlock> begin = first_block(radix_, text.size(), tweak.size());
    cipher_.encrypt(begin);
    Bytes second = second_blocks(tweak, number_bytes);
    Bytes output((output_bytes + kBlock - 1) / kBlock * kBlock);
    Number a = number_of(text.first(left), radix_);
    Number b = number_of(text.subspan(left), radix_);
    const Number y = make_number();
    for (unsigned step = 0; step < kRounds; ++step) {
        const bool forward = direction == Direction::kEncrypt;
        const unsigned round = forward ? step : kRounds - 1 - step;
        if (!forward) std::swap(a, b);
        // Now b is what goes into the round and a what comes out changed.
        second[second.size() - number_bytes - 1] = static_cast<std::uint8_t>(round);
        PDX_CHECK(BN_bn2binpad(b.get(), &second[second.size() - number_bytes],
                               static_cast<int>(number_bytes)) >= 0);
        std::array<std::uint8_t, kBlock> state = begin;
        for (std::size_t at = 0; at < second.size(); at += kBlock) {
            chain(cipher_, state, ByteView(second).subspan(at, kBlock));
        }
        for (std::size_t at = 0; at < output.size(); at += kBlock) {
            std::array<std::uint8_t, kBlock> block = state;
            std::array<std::uint8_t, kBlock> counter{};
            put_big_endian(&counter[8], 8, at / kBlock);
            if (at > 0) chain(cipher_, block, counter);
            std::copy(block.begin(), block.end(), &output[at]);
        }
        PDX_CHECK(BN_bin2bn(output.data(), static_cast<int>(output_bytes), y.get()) != nullptr);
        const BIGNUM* const modulus = moduli[round % 2].get();
        PDX_CHECK((forward ? BN_mod_add : BN_mod_sub)(a.get(), a.get(), y.get(), modulus,
                                                      scratch.get()) == 1);
        if (forward) std::swap(a, b);
    }
    Text result(text.size());
    write_numerals(std::move(a), radix_, std::span(result).first(left));
    write_numerals(std::move(b), radix_, std::span(result).subspan(left));
    OPENSSL_cleanse(second.data(), second.size());
    return result;
}

Ff1Numbers::Ff1Numbers(BlockCipher cipher, ByteView key, std::uint32_t radix, std::uint32_t length,
                       ByteView tweak)
    : cipher_(cipher, key) {
    check_radix(radix);
    Wide domain = 1;
    constexpr Wide kDomainMax = Wide{1} << 63U;
    std::uint64_t left = 1;
    std::uint64_t right = 1;
    for (std::uint32_t i = 0; i < length && domain <= kDomainMax; ++i) {
        domain *= radix;
        (i < length / 2 ? left : right) *= radix;
    }
    if (domain < kDomainMin || domain > kDomainMax || tweak.size() > 255) {
        throw invalid("ff1.domain", {"A number has too few or too many digits for a token.",
                                     "数字位数过少或过多，不能生成令牌。"});
    }
    left_ = Modulus(left);
    right_ = Modulus(right);
    number_bytes_ = bytes_of_number(make_number(right).get());
    output_bytes_ = bytes_of_output(number_bytes_);
    PDX_CHECK(output_bytes_ <= 12 && number_bytes_ < kWord);
    std::array<std::uint8_t, kBlock> last = first_block(radix, length, tweak.size());
    cipher_.encrypt(last);
    const Bytes second = second_blocks(tweak, number_bytes_);
    for (std::size_t at = 0; at + kBlock < second.size(); at += kBlock) {
        chain(cipher_, last, ByteView(second).subspan(at, kBlock));
    }
    for (std::size_t i = 0; i < kBlock; ++i) last[i] ^= second[second.size() - kBlock + i];
    last_high_ = load_word(last.data());
    last_low_ = load_word(last.data() + kWord);
}

void Ff1Numbers::encrypt(std::span<std::uint64_t> numbers) const { run<true>(numbers); }
void Ff1Numbers::decrypt(std::span<std::uint64_t> numbers) const { run<false>(numbers); }

std::uint64_t Ff1Numbers::round_value(const std::uint8_t* block, const Modulus& modulus) const {
    const std::uint64_t high = modulus.of(load_word(block));
    if (output_bytes_ == kWord) return high;
    const std::uint64_t low = load_word(block + kWord) >> 32U;
    return static_cast<std::uint64_t>((Wide{high} << 32U | low) % modulus.value());
}

template <bool kForward>
void Ff1Numbers::run(std::span<std::uint64_t> numbers) const {
    constexpr std::size_t kLanes = 32;
    std::array<std::uint64_t, kLanes> left{};
    std::array<std::uint64_t, kLanes> right{};
    std::array<std::uint8_t, kLanes * kBlock> blocks{};
    while (!numbers.empty()) {
        const std::size_t lanes = std::min(kLanes, numbers.size());
        for (std::size_t i = 0; i < lanes; ++i) {
            PDX_CHECK(numbers[i] < domain());
            left[i] = numbers[i] / right_.value();
            right[i] = numbers[i] - left[i] * right_.value();
        }
        // What goes into the round, and what comes out changed; then they change their parts.
        std::uint64_t* input = kForward ? right.data() : left.data();
        std::uint64_t* other = kForward ? left.data() : right.data();
        for (unsigned step = 0; step < kRounds; ++step) {
            const std::uint64_t round = kForward ? step : kRounds - 1 - step;
            const Modulus& modulus = round % 2 == 0 ? left_ : right_;
            const std::uint64_t low = last_low_ ^ round << (8U * number_bytes_);
            for (std::size_t i = 0; i < lanes; ++i) {
                store_word(last_high_, &blocks[i * kBlock]);
                store_word(low ^ input[i], &blocks[i * kBlock + kWord]);
            }
            cipher_.encrypt(std::span(blocks).first(lanes * kBlock));
            for (std::size_t i = 0; i < lanes; ++i) {
                const std::uint64_t y = round_value(&blocks[i * kBlock], modulus);
                const std::uint64_t sum = kForward ? other[i] + y : other[i] + modulus.value() - y;
                other[i] = sum >= modulus.value() ? sum - modulus.value() : sum;
            }
            std::swap(input, other);
        }
        for (std::size_t i = 0; i < lanes; ++i) numbers[i] = left[i] * right_.value() + right[i];
        numbers = numbers.subspan(lanes);
    }
    OPENSSL_cleanse(left.data(), sizeof left);
    OPENSSL_cleanse(right.data(), sizeof right);
}

}  // namespace pdx::privacy
