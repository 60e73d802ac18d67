// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chatvim/secret/search.hpp"
#include "media.hpp"
#include "overlay.hpp"

namespace chatvim::embed {

/// Limits of one file.
inline constexpr std::uint64_t kMostText = 32U << 20U;
inline constexpr std::uint64_t kMostPicture = 20U << 20U;
inline constexpr std::uint64_t kMostPdf = 32U << 20U;

/// What a file holds, or why it cannot be sent.
struct Content {
  enum class Kind {
    kText,
    kPicture,
    kPdf,
    kWanted,   ///< the editor's text of it must be asked for
    kNotText,  ///< neither text nor something else that can be sent
    kTooLarge,
    kUnreadable
  };
  Kind kind = Kind::kUnreadable;
  std::shared_ptr<const std::string> bytes;  ///< text: with `\n` and no byte-order mark
  std::uint64_t size = 0;                    ///< bytes of the file
  std::size_t lines = 0;                     ///< of text
  Media media;
  std::vector<secret::FoundSecret> secrets;  ///< in text; their views point into `bytes`
  std::string reason;                        ///< a clause, where the kind is one of the last three
};

/// Reads a file, whose path is resolved. The buffer of a file wins over it.
Content read_content(const Overlay& files, const std::string& path,
                     const secret::SecretFinder& finder);

/// The same for a file in an embedded folder, where only text of at most `most` bytes is wanted: of
/// others only the beginning is read, and a picture or PDF has no bytes.
Content read_listed_content(const Overlay& files, const std::string& path,
                            const secret::SecretFinder& finder, std::uint64_t most);

/// Bytes as people write them: "3 bytes", "1.5 KiB", "32 MiB".
std::string describe_size(std::uint64_t bytes);

}  // namespace chatvim::embed
