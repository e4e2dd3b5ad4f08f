/// `pdx`: one binary, one noun or verb per command.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include "base/error.h"
#include "marketplace/cli/commands.h"

namespace {

/// What was printed may not have arrived: a full disk takes it without a word.
int finish(int status) {
    std::cout.flush();
    if (std::cout) return status;
    std::cerr << "pdx: standard output cannot be written\n     无法写入标准输出\n";
    return pdx::cli::kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"pdx, the public data exchange"};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("pdx ") + pdx::cli::kVersion);
    app.footer(
        "Examples:\n"
        "  pdx demo                                  start, play the story, stay up\n"
        "  pdx serve --data /srv/pdx --port 8080     serve, nothing else\n"
        "  pdx key new operator.key                  a signing key for contracts\n"
        "  pdx ledger export --url http://127.0.0.1:8080 log/\n"
        "  pdx verify log log/ --key @data/ledger.vkey\n"
        "  pdx audit replay --data data              the database against the ledger\n"
        "  pdx scan citizens.csv                     what personal data a file holds\n"
        "  pdx mask citizens.csv --policy p.json --out masked.csv\n"
        "  pdx risk citizens.csv --k 20              how easily persons are found in it\n"
        "  pdx trace leaked.csv --candidates c.json  whose copy a leaked file is\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 6 verification failed,\n"
        "            7 risk above the limits.");
    int status = 0;
    pdx::cli::add_serve_command(app, status);
    pdx::cli::add_demo_command(app, status);
    pdx::cli::add_verify_command(app, status);
    pdx::cli::add_key_commands(app, status);
    pdx::cli::add_ledger_commands(app, status);
    pdx::cli::add_witness_command(app, status);
    pdx::cli::add_scan_command(app, status);
    pdx::cli::add_mask_command(app, status);
    pdx::cli::add_risk_command(app, status);
    pdx::cli::add_trace_command(app, status);
    pdx::cli::add_audit_commands(app, status);
    try {
        app.parse(argc, argv);
        return finish(status);
    } catch (const CLI::RequiredError& error) {
        if (argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty()) {
            std::cerr << "pdx: there is no command '" << argv[1] << "'. See pdx --help.\n";
        } else {
            app.exit(error);
        }
        return pdx::cli::kExitUsage;
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? finish(0) : pdx::cli::kExitUsage;
    } catch (const pdx::Error& error) {
        std::cerr << "pdx: " << error.text().en << " (" << error.code() << ")\n     "
                  << error.text().zh << "\n";
        if (!error.detail().pointer.empty()) std::cerr << "  at " << error.detail().pointer << "\n";
    } catch (const std::exception& error) {
        std::cerr << "pdx: " << error.what() << "\n";
    }
    return pdx::cli::kExitFailed;
}
