/* yaml_suite.h - a public suite as YAML documents, for the runners */
#ifndef MAILSEAL_TESTS_YAML_SUITE_H
#define MAILSEAL_TESTS_YAML_SUITE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The value of a key; NULL: none, or no map. */
static inline yaml_node_t *yaml_value(yaml_document_t *document,
				      yaml_node_t *map, const char *key)
{
	yaml_node_pair_t *pair;
	yaml_node_t *node;

	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		node = yaml_document_get_node(document, pair->key);
		if (node->type == YAML_SCALAR_NODE &&
		    strcmp((char *)node->data.scalar.value, key) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

/* NULL: the node is no scalar. */
static inline const char *yaml_text(const yaml_node_t *node)
{
	return node == NULL || node->type != YAML_SCALAR_NODE ? NULL :
	       (const char *)node->data.scalar.value;
}

static inline size_t yaml_length(const yaml_node_t *node)
{
	return node == NULL || node->type != YAML_SEQUENCE_NODE ? 0 :
	       (size_t)(node->data.sequence.items.top -
			node->data.sequence.items.start);
}

static inline yaml_node_t *yaml_item(yaml_document_t *document,
				     yaml_node_t *list, size_t nth)
{
	yaml_node_t *node = nth >= yaml_length(list) ? NULL :
		yaml_document_get_node(document,
				       list->data.sequence.items.start[nth]);

	if (node == NULL) {
		(void)fprintf(stderr, "a list is too short\n");
		abort();
	}
	return node;
}

/* Every document of the file goes to `run`.  0; -1: this is no YAML. */
static inline int yaml_file_run(FILE *file,
				void (*run)(yaml_document_t *document,
					    void *ctx),
				void *ctx)
{
	yaml_document_t document;
	yaml_parser_t parser;
	bool more = true;
	int r = 0;

	if (!yaml_parser_initialize(&parser))
		return -1;
	yaml_parser_set_input_file(&parser, file);
	while (more && r == 0) {
		if (!yaml_parser_load(&parser, &document)) {
			r = -1;
			break;
		}
		more = yaml_document_get_root_node(&document) != NULL;
		if (more)
			run(&document, ctx);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	return r;
}

#endif
