// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/embed/describe_size.hpp"
#include "chatvim/secret/search.hpp"
#include "media.hpp"
#include "overlay.hpp"

namespace chatvim::embed {

/// Limits of one file, in bytes.
inline constexpr std::uint64_t kMostText = 32U << 20U;
inline constexpr std::uint64_t kMostPicture = 20U << 20U;
inline constexpr std::uint64_t kMostPdf = 32U << 20U;

/// The content of a file, or why it cannot be sent.
struct Content {
  enum class Kind {
    kText,
    kPicture,
    kPdf,
    kWanted,   ///< the editor's text of it must be requested
    kNotText,  ///< neither text nor another type that can be sent
    kTooLarge,
    kUnreadable
  };
  Kind kind = Kind::kUnreadable;
  std::shared_ptr<const std::string> bytes;  ///< text has `\n` line ends and no byte order mark
  std::uint64_t size = 0;                    ///< size of the file in bytes
  std::size_t lines = 0;                     ///< of text
  Media media;
  std::vector<secret::FoundSecret> secrets;  ///< in text; their views point into `bytes`
  std::string reason;                        ///< a clause, set for the last three kinds
};

/// Reads a file, whose path must be resolved. Its buffer, if there is one, takes precedence.
Content read_content(const Overlay& files, const std::string& path,
                     const secret::SecretFinder& finder);

/// The same for a file in an embedded folder, which only needs text of at most `most` bytes. Of
/// other files only the beginning is read; a picture or PDF is returned without bytes.
Content read_listed_content(const Overlay& files, const std::string& path,
                            const secret::SecretFinder& finder, std::uint64_t most);

/// Returns why a file whose first bytes these are is not text, as a clause; "" if it is.
/// `is_whole`: there are no others.
std::string why_not_text(std::string_view head, bool is_whole, const std::string& path);

}  // namespace chatvim::embed
