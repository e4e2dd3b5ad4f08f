#pragma once
/// Format-preserving encryption FF1: a number of so many digits becomes another of as many.
/// Source: NIST SP 800-38G Revision 1 (second public draft, February 2025), which removed FF3 and
/// demands a domain of a million values at least.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"

struct evp_cipher_ctx_st;  // OpenSSL's EVP_CIPHER_CTX

namespace pdx::privacy {

/// kSm4 where commercial cryptography is demanded (GB/T 32907-2016); a third as fast.
enum class BlockCipher : std::uint8_t { kAes, kSm4 };

/// One block cipher under one key. Thread: not shared.
class BlockEncryptor {
public:
    static constexpr std::size_t kBlockBytes = 16;

    /// Requires: 16, 24 or 32 bytes for AES, 16 for SM4. Throws: kInvalid ff1.key.
    BlockEncryptor(BlockCipher cipher, ByteView key);
    /// In place, each block alone. Requires: whole blocks.
    void encrypt(std::span<std::uint8_t> blocks) const;

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

/// Any radix and length, by big integers. Thread: not shared.
class Ff1 {
public:
    /// Numerals, most significant first, each below the radix.
    using Text = std::vector<std::uint16_t>;
    static constexpr std::size_t kLengthMax = 4096;
    static constexpr std::size_t kTweakBytesMax = 4096;

    /// Requires: 2 <= radix <= 65536. Throws: as BlockEncryptor; kInvalid ff1.radix.
    Ff1(BlockCipher cipher, ByteView key, std::uint32_t radix);

    /// None when radix^length < 1,000,000, a numeral is not below the radix, or text or tweak is
    /// longer than its limit.
    std::optional<Text> encrypt(std::span<const std::uint16_t> text, ByteView tweak) const;
    std::optional<Text> decrypt(std::span<const std::uint16_t> text, ByteView tweak) const;

private:
    enum class Direction : std::uint8_t { kEncrypt, kDecrypt };
    std::optional<Text> run(std::span<const std::uint16_t> text, ByteView tweak,
                            Direction direction) const;

    BlockEncryptor cipher_;
    std::uint32_t radix_;
};

/// Many numbers of one length under one tweak: the ten rounds of several numbers run side by side,
/// because one number's wait for each other. Gives what Ff1 gives for the digits of the number.
/// Thread: not shared.
class Ff1Numbers {
public:
    /// Requires: 1,000,000 <= radix^length <= 2^63; tweak of at most 255 bytes.
    /// Throws: as BlockEncryptor; kInvalid ff1.radix, ff1.domain.
    Ff1Numbers(BlockCipher cipher, ByteView key, std::uint32_t radix, std::uint32_t length,
               ByteView tweak);

    /// radix^length. Numbers are below it.
    std::uint64_t domain() const { return left_.value() * right_.value(); }
    void encrypt(std::span<std::uint64_t> numbers) const;
    void decrypt(std::span<std::uint64_t> numbers) const;

private:
    /// With its inverse, since a division costs as much as two rounds of the cipher.
    class Modulus {
    public:
        /// Requires: at least 2.
        explicit Modulus(std::uint64_t value)
            : value_(value),
              inverse_(~std::uint64_t{0} / value) {}
        std::uint64_t value() const { return value_; }
        std::uint64_t of(std::uint64_t number) const {
            __extension__ using Wide = unsigned __int128;
            const auto times = static_cast<std::uint64_t>(Wide{number} * inverse_ >> 64U);
            const std::uint64_t rest = number - times * value_;  // at most once too much
            return rest >= value_ ? rest - value_ : rest;
        }

    private:
        std::uint64_t value_;
        std::uint64_t inverse_;  ///< (2^64 - 1) / value
    };

    std::uint64_t round_value(const std::uint8_t* block, const Modulus& modulus) const;
    template <bool kForward>
    void run(std::span<std::uint64_t> numbers) const;

    BlockEncryptor cipher_;
    Modulus left_{2};               ///< radix^floor(length / 2)
    Modulus right_{2};              ///< radix^ceil(length / 2)
    std::size_t number_bytes_ = 0;  ///< b of the standard
    std::size_t output_bytes_ = 0;  ///< d of the standard: 8 or 12
    /// The last block of the PRF's input, but for the round and the number.
    std::uint64_t last_high_ = 0;
    std::uint64_t last_low_ = 0;
};

}  // namespace pdx::privacy
