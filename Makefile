# Every target is one command of src/neuralblog_site, which also runs without make:
# `python src/neuralblog_site serve`.
PYTHON ?= python3
.DEFAULT_GOAL := help
RUN = $(PYTHON) src/neuralblog_site

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' $(MAKEFILE_LIST) | column -t -s '~' 2>/dev/null \
	  || sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1   \2/p' $(MAKEFILE_LIST)

.PHONY: serve site test new import check update book slow audit mutants links weights digits bench bench-live scale parity lock clean
serve: ## build the site with everything live, and serve it
	@$(RUN) serve $(if $(PORT),--port $(PORT))
site: ## build the site into site/
	@$(RUN) build
test: ## everything that CI checks
	@$(RUN) test
new: ## write a post to start from: make new TITLE="The Heaviside step" AUTHOR="You"
	@$(RUN) new "$(TITLE)" $(if $(AUTHOR),--author "$(AUTHOR)")
import: ## write a post of another blog as one of ours: make import FILE=post.md AUTHOR="You"
	@$(RUN) import "$(FILE)" $(if $(AUTHOR),--author "$(AUTHOR)")
check: ## tell what is wrong with the posts, or with FILE
	@$(RUN) check $(FILE)
update: ## write below the snippets (of FILE) what they print
	@$(RUN) update $(FILE)
book: ## build the site, print the series as a PDF, and pack a zip to read offline
	@$(RUN) book
slow: ## what is too slow for every change; a weekly job runs it
	@$(RUN) slow
audit: ## check the HTML with Nu (needs Java), and the pages with Lighthouse (needs Node)
	@$(RUN) audit
mutants: ## break the library in sampled ways, and count who notices
	@$(RUN) mutants
links: ## ask other sites whether what our pages link to is still there
	@$(RUN) links
weights: ## train the shipped network again
	@$(RUN) weights
digits: ## make the shipped digits again
	@$(RUN) digits
bench: ## race the library against PyTorch and others, side by side
	@$(RUN) bench
bench-live: ## time Python in the page
	@$(RUN) bench-live
scale: ## time the site with 16, 96 and 400 posts (hours)
	@$(RUN) scale
parity: ## compare with PyTorch over random shapes, where it is installed
	@$(RUN) parity
lock: ## pin the dependencies again
	@$(RUN) lock
clean: ## remove what was built, but not the environment
	rm -rf site build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
