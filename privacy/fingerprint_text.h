#pragma once
/// The text form of marks and canaries, in policies, grants, contracts and the file of candidates.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "privacy/canary.h"
#include "privacy/mark_plan.h"

namespace pdx::privacy {

/// JSON with sorted ASCII keys and no spaces: one text per plan.
/// Shape: {"columns":[{"decimals":2,"name":"amount","step":1,"way":"nearest"}],
/// "identities":[["id_no"]],"one_of":10}.
void append_mark_plan(std::string& out, const MarkPlan& plan);
/// Members that have their default are left out.
/// Shape: {"columns":[{"kind":"resident_id","name":"id_no","space":"320299"}],"rows":5}; a column
/// also has "choices", "decimals", "least", "most".
void append_canary_plan(std::string& out, const CanaryPlan& plan);

/// Members in any order; those with a default may be missing. `pointer`: where the value stands.
/// Throws: kInvalid fingerprint.form, which points at what is missing, unknown or of another type;
/// as check_mark_plan() and check_canary_plan().
MarkPlan read_mark_plan(const nlohmann::json& value, const std::string& pointer);
CanaryPlan read_canary_plan(const nlohmann::json& value, const std::string& pointer);

}  // namespace pdx::privacy
