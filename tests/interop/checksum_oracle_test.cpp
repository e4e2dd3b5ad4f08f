/// Check digits against python3-stdnum, which nobody here wrote.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "privacy/checksum.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tool.h"

using namespace pdx;

namespace {

constexpr int kNumbersOfEachKind = 4'000;

struct Question {
    std::string kind;
    std::string number;
    bool ours = false;
};

/// Numbers that hold, and as many with a character changed or two exchanged.
class Questions {
public:
    explicit Questions(unsigned seed) : random_(seed) {}

    std::vector<Question> ask() {
        for (int i = 0; i < kNumbersOfEachKind; ++i) {
            // Regions that the oracle's table has; it takes any year, so that only what follows
            // the year is changed.
            add("resident_id", resident_id(), 10, kDigits + "X", privacy::is_valid_resident_id);
            add("uscc", uscc(), 8, kUscc, privacy::is_valid_uscc);
            const std::string card = digits(12 + random_() % 7);
            add("luhn", card + *privacy::luhn_check_digit(card), 0, kDigits,
                privacy::is_valid_luhn);
            const std::string device = "35" + digits(12);
            add("imei", device + *privacy::imei_check_digit(device), 2, kDigits,
                privacy::is_valid_imei);
            const std::string payload = digits(4 + random_() % 13);
            add("mod11_2", payload + *privacy::mod11_2_check_digit(payload), 0, kDigits,
                privacy::is_valid_mod11_2);
        }
        return std::move(questions_);
    }

private:
    using Check = std::function<bool(std::string_view)>;

    std::string digits(std::size_t count) {
        std::string text;
        while (text.size() < count) text += static_cast<char>('0' + random_() % 10);
        return text;
    }
    std::string two(unsigned most) {
        const std::string text = std::to_string(1 + random_() % most);
        return text.size() == 1 ? "0" + text : text;
    }
    std::string resident_id() {
        constexpr std::array<const char*, 5> kRegions{"110105", "320211", "330106", "440305",
                                                      "510104"};
        const std::string payload = kRegions.at(random_() % kRegions.size()) +
                                    std::to_string(1930 + random_() % 90) + two(12) + two(28) +
                                    digits(3);
        return payload + *privacy::resident_id_check_digit(payload);
    }
    std::string uscc() {
        std::string organisation;
        while (organisation.size() < 8) organisation += kUscc.at(random_() % kUscc.size());
        const std::string payload =
            "91320211" + organisation + *privacy::org_code_check_digit(organisation);
        return payload + *privacy::uscc_check_digit(payload);
    }
    void add(const std::string& kind, std::string number, std::size_t from,
             const std::string& alphabet, const Check& check) {
        questions_.push_back({kind, number, check(number)});
        const std::size_t at = from + random_() % (number.size() - from);
        const std::size_t other = from + random_() % (number.size() - from);
        if (random_() % 2 == 0) {
            number[at] = alphabet[random_() % alphabet.size()];
        } else {
            std::swap(number[at], number[other]);
        }
        // The oracle takes an X for a ten anywhere; ISO 7064 has it as the check character alone.
        if (kind != "uscc" && number.find('X') < number.size() - 1) return;
        questions_.push_back({kind, number, check(number)});
    }

    const std::string kDigits = "0123456789";
    const std::string kUscc = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    std::mt19937 random_;
    std::vector<Question> questions_;
};

/// An answer for each question.
std::string oracle(const std::vector<Question>& questions) {
    const test::TempFolder folder;
    std::ofstream file(folder.file("questions"), std::ios::binary);
    for (const Question& one : questions) file << one.kind << " " << one.number << "\n";
    file.close();
    const std::string python = test::find_tool("stdnum", {"/usr/bin/python3"}, "python3-stdnum");
    const std::string script =
        (test::source_folder() / "tests" / "interop" / "checksum_oracle.py").string();
    const std::string command =
        python + " -B '" + script + "' '" + folder.file("questions") + "' 2>&1";
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) {
        text += buffer.data();
    }
    const int status = ::pclose(pipe);
    INFO(text.substr(0, 2'000));
    REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return text;
}

}  // namespace

TEST_CASE("checksum: python3-stdnum says the same of the same numbers", "[interop][checksum]") {
    if (test::is_left_out("stdnum")) return;
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    const std::vector<Question> questions = Questions(seed).ask();
    const std::string answers = oracle(questions);
    REQUIRE(answers.size() == 2 * questions.size());
    int valid = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const bool theirs = answers[2 * i] == '1';
        valid += theirs ? 1 : 0;
        if (theirs == questions[i].ours) continue;
        FAIL_CHECK(questions[i].kind << " " << questions[i].number << ": ours " << questions[i].ours
                                     << ", theirs " << theirs);
    }
    CHECK(valid >= 5 * kNumbersOfEachKind);
    CHECK(valid < static_cast<int>(questions.size()));
}
