#include "marketplace/app/upkeep.h"

#include <atomic>
#include <stdexcept>

#include "tests/app/support/comes_true.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::comes_true;

namespace {

constexpr std::chrono::milliseconds kHurried{1};

}  // namespace

TEST_CASE("upkeep: each job runs at the start, in order, and then again and again",
          "[app][upkeep]") {
    std::atomic<int> first{0};
    std::atomic<int> second{0};
    std::atomic<bool> is_ordered{true};
    app::Upkeep upkeep({{"test.first", [&] { ++first; }},
                        {"test.second",
                         [&] {
                             if (first != ++second) is_ordered = false;
                         }}},
                       kHurried);
    CHECK(comes_true([&] { return second > 3; }));
    upkeep.stop();
    CHECK(is_ordered);
    const int before = second;
    upkeep.stop();
    CHECK(second == before);
}

TEST_CASE("upkeep: a job that fails keeps no other from running, and is tried again",
          "[app][upkeep]") {
    std::atomic<int> failed{0};
    std::atomic<int> ran{0};
    app::Upkeep upkeep({{"test.failing",
                         [&] {
                             if (++failed < 4) throw std::runtime_error("not yet");
                         }},
                        {"test.sound", [&] { ++ran; }}},
                       kHurried);
    CHECK(comes_true([&] { return failed > 5; }));
    CHECK(ran >= 5);
}

TEST_CASE("upkeep: it waits for its time, and stops without it", "[app][upkeep]") {
    std::atomic<int> ran{0};
    app::Upkeep upkeep({{"test.rare", [&] { ++ran; }}}, std::chrono::hours(24));
    CHECK(comes_true([&] { return ran == 1; }));
    const auto begun = std::chrono::steady_clock::now();
    upkeep.stop();
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
    CHECK(ran == 1);
}

TEST_CASE("upkeep: after stop() begins, no further job does", "[app][upkeep]") {
    std::atomic<bool> is_running{false};
    std::atomic<bool> may_end{false};
    std::atomic<int> next{0};
    app::Upkeep upkeep({{"test.long",
                         [&] {
                             is_running = true;
                             comes_true([&] { return may_end.load(); });
                         }},
                        {"test.next", [&] { ++next; }}},
                       kHurried);
    REQUIRE(comes_true([&] { return is_running.load(); }));
    std::thread stopping([&] { upkeep.stop(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    may_end = true;
    stopping.join();
    CHECK(next == 0);
}
