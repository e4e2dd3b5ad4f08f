#include "marketplace/app/staged_write.h"

#include "base/crypto.h"
#include "marketplace/store/idempotency_store.h"

namespace pdx::app {

bool was_answered(Context& context, const WriteRequest& write) {
    if (!write.idempotency) return false;
    auto lease = context.reads.borrow();
    return store::find_answer(*lease, write.caller.party.text(), write.idempotency->key)
        .has_value();
}

std::optional<Outcome> answered_before(Context& context, const WriteRequest& write) {
    if (!was_answered(context, write)) return std::nullopt;
    // The writer answers from what it kept, and compares the request's hash.
    return context.writer.submit({write.caller, write.idempotency, [](Transaction&) -> std::string {
                                      fail_check("a kept answer is never removed", __FILE__,
                                                 __LINE__);
                                  }});
}

std::optional<IdempotencyKey> first_stage_key(const WriteRequest& write) {
    if (!write.idempotency) return std::nullopt;
    // A space: clients' keys are visible characters only, so none of theirs can be this one.
    return IdempotencyKey{"first stage " + sha256(write.idempotency->key).hex(),
                          write.idempotency->request_hash};
}

void keep_refusal(Context& context, const WriteRequest& write, const Error& error) {
    if (!write.idempotency) return;
    try {
        context.writer.submit(
            {write.caller, write.idempotency, [&](Transaction&) -> std::string { throw error; }});
    } catch (const Error&) {
        // The same refusal comes back, or the writer is busy; the caller rethrows the first one.
    }
}

}  // namespace pdx::app
