-- SPDX-License-Identifier: Apache-2.0
-- The plugin's module of releases, with the one that it needs: the plugin is not on 'runtimepath'.
local environment = require("helpers.environment")

local folder = environment.root .. "/lua/chatvim/install/"
package.preload["chatvim.install.file"] = assert(loadfile(folder .. "file.lua"))

return dofile(folder .. "release.lua")
