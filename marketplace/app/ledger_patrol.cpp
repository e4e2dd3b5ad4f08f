#include "marketplace/app/ledger_patrol.h"

#include <exception>
#include <utility>

#include "base/pause.h"
#include "marketplace/app/alarm.h"

namespace pdx::app {

LedgerPatrol::LedgerPatrol(ReadPool& reads, Writer& writer, std::vector<ledger::NoteVerifier> keys,
                           const Clock& clock, PatrolOptions options)
    : reads_(reads),
      writer_(writer),
      keys_(std::move(keys)),
      clock_(clock),
      options_(options) {
    thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

void LedgerPatrol::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

PatrolStatus LedgerPatrol::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void LedgerPatrol::loop(const std::stop_token& stop) {
    do {
        try {
            if (!run_pass(stop)) return;
        } catch (const std::exception& failure) {
            // The database cannot be read at the moment: that is the storage's failure and no
            // proof of damage. The next pass begins anew.
            raise_alarm("ledger.unreadable", failure.what());
        }
    } while (pause(stop, options_.pass_pause));
}

bool LedgerPatrol::run_pass(const std::stop_token& stop) {
    ledger::Fsck fsck(keys_);
    while (true) {
        bool more = false;
        {
            auto lease = reads_.borrow();
            more = fsck.step(*lease);
        }
        if (!fsck.faults().empty()) {
            report(fsck.faults().front());
            return false;
        }
        {
            const std::lock_guard lock(mutex_);
            status_.entries = fsck.entries();
            if (!more) {
                ++status_.passes;
                status_.last_pass = clock_.now();
                status_.last_size = fsck.size();
            }
        }
        reads_.retry_scrub();
        if (!more) return true;
        if (!pause(stop, options_.piece_pause)) return false;
    }
}

void LedgerPatrol::report(const ledger::FsckFault& fault) {
    raise_alarm("ledger.damaged", fault.text());
    writer_.halt();
    const std::lock_guard lock(mutex_);
    status_.damage = fault;
}

}  // namespace pdx::app
