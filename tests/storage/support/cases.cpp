#include "tests/storage/support/cases.h"

#include <cstddef>
#include <initializer_list>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace pdx::test {
namespace {

/// What an input/output error does not reach: locks are in the kernel's memory. And our answers.
const std::set<std::string> kNeverFails{"writev", "fcntl", "munmap"};
/// What asks for space. A sync does, where the file system puts off finding it.
const std::set<std::string> kNeedsSpace{"write", "pwrite64", "fallocate", "fsync", "fdatasync"};

bool fails_with(const TracedCall& call, StorageFault fault) {
    switch (fault) {
        case StorageFault::kKill: return call.name != "writev";
        case StorageFault::kError:
        case StorageFault::kErrorsOn: return kNeverFails.count(call.name) == 0;
        case StorageFault::kFull:
            return kNeedsSpace.count(call.name) != 0 ||
                   call.arguments.find("O_CREAT") != std::string::npos;
        case StorageFault::kFullOn: return kNeedsSpace.count(call.name) != 0;
    }
    return false;
}

std::string words(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) {
        if (!text.empty()) text += ' ';
        text += part;
    }
    return text;
}

/// From `at` on each of these calls fails. strace counts each name for itself.
std::vector<std::string> from_there_on(const std::vector<TracedCall>& calls, std::size_t at,
                                       StorageFault fault) {
    std::map<std::string, unsigned> first;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (!fails_with(calls[i], fault)) continue;
        unsigned& number = first[calls[i].name];
        if (i < at) number = calls[i].number + 1;
        if (i >= at && number == 0) number = calls[i].number;
    }
    std::vector<std::string> inject;
    inject.reserve(first.size());
    for (const auto& [name, number] : first) {
        inject.push_back(name + ":error=" + (fault == StorageFault::kFullOn ? "ENOSPC" : "EIO") +
                         ":when=" + std::to_string(number) + "+");
    }
    return inject;
}

}  // namespace

std::vector<StorageCase> cases_of(const std::vector<TracedCall>& calls,
                                  const std::string& situation) {
    const std::vector<std::pair<StorageFault, std::string>> faults{
        {StorageFault::kKill, "kill"},
        {StorageFault::kError, "error"},
        {StorageFault::kFull, "full"},
        {StorageFault::kErrorsOn, "errors-on"},
        {StorageFault::kFullOn, "full-on"}};
    std::vector<StorageCase> cases;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const TracedCall& call = calls[i];
        const std::string once = ":when=" + std::to_string(call.number);
        for (const auto& [fault, word] : faults) {
            if (!fails_with(call, fault)) continue;
            StorageCase one{words({situation, call.name, std::to_string(call.number), word}),
                            situation,
                            words({situation, call.name, call.file, word}),
                            fault,
                            {}};
            switch (fault) {
                case StorageFault::kKill:
                    one.inject = {call.name + ":signal=SIGKILL" + once};
                    break;
                case StorageFault::kError: one.inject = {call.name + ":error=EIO" + once}; break;
                case StorageFault::kFull: one.inject = {call.name + ":error=ENOSPC" + once}; break;
                case StorageFault::kErrorsOn:
                case StorageFault::kFullOn: one.inject = from_there_on(calls, i, fault); break;
            }
            cases.push_back(std::move(one));
        }
    }
    return cases;
}

}  // namespace pdx::test
